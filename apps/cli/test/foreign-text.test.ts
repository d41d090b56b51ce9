import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, it, onTestFinished } from 'vitest';

import { readEnvironment } from '../src/env.ts';
import { createProgressDisplay } from '../src/progress/progress-display.ts';
import { exitCodes, runCommandLine } from '../src/run-command-line.ts';
import { listenForShutdown } from '../src/supervision/shutdown-signals.ts';
import { say } from '../src/terminal.ts';
import { capturedStream, captureTerminal } from './captured-terminal.ts';
import { search } from './samples.ts';

/** Clears the screen, sets the title and rings, goes back to the start of the line, and turns the direction around. */
const hostile = 'ok\u001b[2J\u001b]0;x\u0007\rX\u009b31m\u202e\u2028end';
const shown = String.raw`ok\u001b[2J\u001b]0;x\u0007\u000dX\u009b31m\u202e\u2028end`;
/** What a terminal obeys instead of showing it. */
const obeyed = /[^\P{Cc}\n]|[\p{Bidi_Control}\u2028\u2029]/u;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Runs a command against a service of somebody else that answers every request the same. */
async function runAgainst(answer: Answer, ...args: string[]) {
  const server = createServer((_request, response) => {
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { terminal, output, messages } = captureTerminal();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const context = { environment: readEnvironment({}), terminal, shutdownSignals: listenForShutdown };
  const code = await runCommandLine(['--url', url, ...args], context);
  return { code, output: output(), messages: messages() };
}

const network = {
  name: 'n',
  resolution: [8, 8],
  parameters: 1,
  macs: 1,
  activations: 1,
  registered: true,
  description: hostile,
};
const problem = { type: 'x', title: 'x', status: 404, code: 'NOT_FOUND' };

describe('text of others on the terminal', () => {
  it('is escaped in tables, each entry on the one line that it has', async () => {
    const request = { ...search().request, name: `${hostile}\nforged │ row` };
    const page = { items: [search({ request })], next: null };
    const { code, output } = await runAgainst({ status: 200, body: page }, 'searches');
    expect(code).toBe(exitCodes.done);
    expect(output).toContain(String.raw`${shown}\u000aforged │ row`);
    expect(output).not.toMatch(obeyed);
    const lines = output.trimEnd().split('\n');
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines).toHaveLength(5);
  });

  it('is escaped in the descriptions of baselines', async () => {
    const { output } = await runAgainst({ status: 200, body: [network] }, 'baselines');
    expect(output).toContain(shown);
    expect(output).not.toMatch(obeyed);
  });

  it.each([
    ['a problem document', 404, { ...problem, detail: hostile, field: hostile, value: hostile, remedy: hostile }],
    ['its further faults', 400, { ...problem, detail: 'x', errors: [{ field: hostile, detail: hostile }] }],
    ['no problem document', 418, hostile],
  ])('is escaped in the error of %s', async (_what, status, body) => {
    const { code, output, messages } = await runAgainst({ status, body }, 'datasets');
    expect(code).toBe(exitCodes.failed);
    expect(output).toBe('');
    expect(messages).toContain('ok\\u001b[2J');
    expect(messages).not.toMatch(obeyed);
  });

  it('cannot forge a line of an error', async () => {
    const body = { ...problem, detail: 'gone\nThe winner is alpha 9.', remedy: 'a\nb' };
    const { messages } = await runAgainst({ status: 404, body }, 'datasets');
    expect(messages).toBe(String.raw`error NOT_FOUND: gone\u000aThe winner is alpha 9. a\u000ab` + '\n');
  });

  it('means the same in JSON, where it is escaped too', async () => {
    const page = { items: [search({ request: { ...search().request, name: hostile } })], next: null };
    const { output } = await runAgainst({ status: 200, body: page }, 'searches', '--json');
    expect(output).not.toMatch(obeyed);
    expect(JSON.parse(output)).toEqual(page);
  });

  it.each([
    ['a log', undefined],
    ['a terminal', { columns: 500 }],
  ])('is escaped in the progress on %s', (_where, screen) => {
    const { stream, text } = capturedStream(screen);
    const display = createProgressDisplay(stream);
    display.update({ fraction: 0.5, parts: [hostile, 'a\nb'] });
    display.end();
    expect(text()).toContain(String.raw`${shown} | a\u000ab`);
    expect(text()).not.toContain('\u001b[2J');
  });

  it('is escaped where the command line itself is refused', async () => {
    const { code, messages } = await runAgainst({ status: 200, body: [] }, 'datasets', `--${hostile}`);
    expect(code).toBe(exitCodes.usage);
    expect(messages).toContain(shown);
    expect(messages).not.toMatch(obeyed);
  });

  it('stays as it is where it only looks foreign', () => {
    const { terminal, messages } = captureTerminal();
    const text = 'café 😀 👩‍🔬 שלום → 日本';
    say(terminal, `${text}\n${text}`);
    expect(messages()).toBe(`${text}\n${text}\n`);
  });
});
