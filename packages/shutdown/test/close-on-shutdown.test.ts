import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { describe, expect, it, onTestFinished } from 'vitest';

interface Run {
  readonly child: ChildProcess;
  /** Resolves when the program has ended, with its exit code or signal and the lines of its log. */
  readonly ended: Promise<{ readonly end: unknown; readonly lines: readonly object[] }>;
}

function start(behaviour: string): Run {
  const child = fork(fileURLToPath(new URL('program.ts', import.meta.url)), [behaviour], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = child.stdout === null ? Promise.resolve('') : text(child.stdout);
  const ended = once(child, 'exit').then(async ([code, signal]: unknown[]) => ({
    end: code ?? signal,
    lines: (await output)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as object),
  }));
  return { child, ended };
}

async function ready(behaviour: string): Promise<Run> {
  const run = start(behaviour);
  await once(run.child, 'message');
  return run;
}

const closing = { level: 'test', message: 'close 1' };

describe('a process that closes on shutdown', () => {
  it.each<[string, string, (child: ChildProcess) => void]>([
    ['SIGINT', 'SIGINT', (child) => child.kill('SIGINT')],
    ['SIGTERM', 'SIGTERM', (child) => child.kill('SIGTERM')],
    ['SIGHUP', 'SIGHUP', (child) => child.kill('SIGHUP')],
    ['the end of its parent', 'the parent has gone', (child) => child.disconnect()],
  ])('ends in order on %s', async (_what, reason, ask) => {
    const { child, ended } = await ready('closes');
    ask(child);
    expect(await ended).toEqual({ end: 0, lines: [{ level: 'info', message: 'shutting down', reason }, closing] });
  });

  it('ends in order where its parent has gone before it could listen', async () => {
    const { child, ended } = start('closes');
    child.disconnect();
    expect(await ended).toMatchObject({ end: 0, lines: [{ reason: 'the parent has gone' }, closing] });
  });

  it.each([
    ['throw', 'nobody catches this'],
    ['reject', 'nobody awaits this'],
  ])('closes and tells that it failed after an error that nothing handles (%s)', async (message, error) => {
    const { child, ended } = await ready('closes');
    child.send(message);
    expect(await ended).toEqual({
      end: 1,
      lines: [
        { level: 'fatal', message: 'an error that nothing handles', error },
        { level: 'info', message: 'shutting down', reason: 'an unexpected error' },
        closing,
      ],
    });
  });

  it('tells that its close failed', async () => {
    const { child, ended } = await ready('fails');
    child.kill('SIGTERM');
    const { end, lines } = await ended;
    expect(end).toBe(1);
    expect(lines.at(-1)).toEqual({ level: 'error', message: 'the shutdown met a fault', error: 'the close failed' });
  });

  it('ends at once where it is asked a second time, by whatever signal', async () => {
    const { child, ended } = await ready('hangs');
    child.kill('SIGTERM');
    await once(child.stdout ?? child, 'data');
    child.kill('SIGINT');
    const { end, lines } = await ended;
    expect(end).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'error', reason: 'SIGINT' });
  });

  it('closes once where its parent goes while it closes', async () => {
    const { child, ended } = await ready('hangs');
    child.kill('SIGTERM');
    await once(child.stdout ?? child, 'data');
    child.disconnect();
    child.kill('SIGTERM');
    const { lines } = await ended;
    expect(lines.filter((line) => 'level' in line && line.level === 'test')).toEqual([closing]);
  });

  it('ends in a bounded time where its close does not', async () => {
    const { child, ended } = await ready('dawdles');
    child.kill('SIGTERM');
    const { end, lines } = await ended;
    expect(end).toBe(1);
    expect(lines.at(-1)).toMatchObject({ level: 'error', message: 'the shutdown takes too long' });
  });

  it('leaves the faults of native code their own end', async () => {
    const { child, ended } = await ready('closes');
    child.kill('SIGSEGV');
    expect(await ended).toEqual({ end: 'SIGSEGV', lines: [] });
  });
});
