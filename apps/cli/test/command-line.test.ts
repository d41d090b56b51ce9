import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readEnvironment } from '../src/env.ts';
import { runCommandLine } from '../src/run-command-line.ts';
import { listenForShutdown } from '../src/supervision/shutdown-signals.ts';
import { captureTerminal } from './captured-terminal.ts';

async function run(commandLine: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { terminal, output, messages } = captureTerminal();
  const context = { environment: readEnvironment(environment), terminal, shutdownSignals: listenForShutdown };
  const code = await runCommandLine(commandLine, context);
  return { code, output: output(), messages: messages() };
}

describe('a command line', () => {
  it('that asks for help gets it, and every command is in it', async () => {
    const { code, output } = await run(['--help']);
    expect(code).toBe(0);
    const commands = ['serve', 'quickstart', 'search', 'plan', 'searches', 'leaderboard', 'trials', 'trial'];
    for (const command of [
      ...commands,
      'coefficients',
      'pause',
      'resume',
      'stop',
      'cancel',
      'retry-failed',
      'delete',
      'priority',
      'baselines',
      'datasets',
      'doctor',
    ]) {
      expect(output).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
  });

  it('that asks for the version gets that of the package', async () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await run(['--version'])).toEqual({ code: 0, output: `${manifest.version}\n`, messages: '' });
  });

  it.each([
    [[], /Usage: compound-search/],
    [['nothing'], /unknown command 'nothing'/],
    [['leaderboard'], /missing required argument 'search'/],
    [['serve', '--port', '70000'], /Give a whole number from 0 to 65535/],
    [['search', '--alpha', '1:2'], /from:to:step/],
    [['trials', 'x', '--state', 'odd'], /Allowed choices are queued, running/],
    [['searches', '--limit', '0'], /Give a whole number from 1 to 100/],
    [['baselines', '--odd'], /unknown option '--odd'/],
  ])('that cannot be understood ends with exit code 2: %j', async (commandLine, message) => {
    const { code, output, messages } = await run(commandLine);
    expect(code).toBe(2);
    expect(messages).toMatch(message);
    expect(output).toBe('');
  });

  it('whose request is incomplete is refused before any service is asked', async () => {
    const { code, messages } = await run(['search', '--baseline', 'x', '--url', 'http://127.0.0.1:1']);
    expect(code).toBe(1);
    expect(messages).toMatch(
      /^error VALIDATION_FAILED: dataset is missing; grid is invalid: Give a grid, or a list of points\. \(dataset\) /,
    );
  });

  it('says in one line that the service does not answer', async () => {
    const { code, output, messages } = await run(['searches'], { COMPOUND_SEARCH_URL: 'http://127.0.0.1:1' });
    expect(code).toBe(1);
    expect(output).toBe('');
    expect(messages).toMatch(
      /^error DEPENDENCY_UNAVAILABLE: The service at http:\/\/127\.0\.0\.1:1 cannot be reached.*\n$/,
    );
  });
});

describe('a command line for another kind of service', () => {
  let server: Server;
  let url = '';

  beforeAll(async () => {
    server = createServer((_, response) => response.end('<html>hello</html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('says that the answer cannot be read', async () => {
    const { code, messages } = await run(['baselines', '--url', url]);
    expect(code).toBe(1);
    expect(messages).toMatch(/^error INTERNAL: The answer does not have the form/);
  });
});
