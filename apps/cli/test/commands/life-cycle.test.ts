import { describe, expect, it } from 'vitest';

import { serve } from '../../../../packages/sdk/test/scripted-service.ts';
import { readEnvironment } from '../../src/env.ts';
import { exitCodes, runCommandLine } from '../../src/run-command-line.ts';
import { listenForShutdown } from '../../src/supervision/shutdown-signals.ts';
import { captureTerminal } from '../captured-terminal.ts';
import { search } from '../samples.ts';

/** Runs a command against a service that answers every request with the same. */
async function run(answer: { readonly status: number; readonly body: unknown }, ...commandLine: string[]) {
  const service = await serve(() => answer);
  const { terminal, output, messages } = captureTerminal();
  const context = { environment: readEnvironment({}), terminal, shutdownSignals: listenForShutdown };
  const code = await runCommandLine(['--url', service.baseUrl, ...commandLine], context);
  const asked = service.received.map(({ method, url, body }) => `${method} ${url} ${body}`.trim());
  return { code, output: output(), messages: messages(), asked };
}

describe('the commands of the life of a search', () => {
  it.each(['pause', 'resume', 'stop', 'cancel', 'retry-failed'])(
    '%s asks for it and shows the search',
    async (verb) => {
      const answer = { status: 200, body: search({ state: 'paused' }) };
      const { code, output, asked } = await run(answer, verb, 's1');
      expect(code).toBe(exitCodes.done);
      expect(asked).toEqual([`POST /v1/searches/s1/${verb}`]);
      expect(output).toContain('paused');
      const { output: raw } = await run(answer, verb, 's1', '--json');
      expect(JSON.parse(raw)).toMatchObject({ id: 's1', state: 'paused' });
    },
  );

  it('delete says that nothing is left', async () => {
    const { code, output, asked } = await run({ status: 204, body: '' }, 'delete', 's1');
    expect(code).toBe(exitCodes.done);
    expect(asked).toEqual(['DELETE /v1/searches/s1']);
    expect(output).toBe('Search s1 is deleted.\n');
  });

  it('say why they are refused, and what to do', async () => {
    const problem = {
      type: 'x',
      title: 'x',
      status: 409,
      code: 'SEARCH_ENDED',
      detail: 'It has ended',
      remedy: 'Extend it.',
    };
    const { code, messages } = await run({ status: 409, body: problem }, 'resume', 's1');
    expect(code).toBe(exitCodes.failed);
    expect(messages).toBe('error SEARCH_ENDED: It has ended. Extend it.\n');
  });
});

describe('the command priority', () => {
  it('changes whose trials start first, a negative number too, and says what stands now', async () => {
    const answer = { status: 200, body: search({ priority: -5 }) };
    const { code, output, asked } = await run(answer, 'priority', 's1', '-5');
    expect(code).toBe(exitCodes.done);
    expect(asked).toEqual(['PATCH /v1/searches/s1 {"priority":-5}']);
    expect(output).toBe('Search s1 has priority -5.\n');
  });

  it('refuses what is no priority before it asks', async () => {
    const { code, messages, asked } = await run({ status: 200, body: {} }, 'priority', 's1', '101');
    expect(code).toBe(exitCodes.usage);
    expect(messages).toContain('Give a whole number from -100 to 100.');
    expect(asked).toEqual([]);
  });
});
