import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { createClient } from '@compound-search/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type CommandRun, runCommand } from './command.ts';
import { descendantsOf, running, until } from './processes.ts';

const patience = 240_000;
let folder = '';
let runs: CommandRun[] = [];

function start(...args: string[]): CommandRun {
  const run = runCommand([...args, '--data', folder]);
  runs.push(run);
  return run;
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quickstart-'));
});
afterEach(async () => {
  for (const run of runs) {
    run.child.kill('SIGTERM');
    await run.ended;
  }
  runs = [];
  rmSync(folder, { recursive: true });
}, patience);

describe('the quick start', { timeout: patience }, () => {
  it('that is interrupted cancels its search and leaves no process behind', async () => {
    const run = start('quickstart');
    await until('it shows the progress', () => /\d+ % \|/.test(run.messages()) || run.child.exitCode !== null, 120);
    expect(run.messages()).toMatch(/\d+ points -> \d+ feasible -> \d+ candidates -> \d+ trials/);
    const started = descendantsOf(run.pid);
    expect(started.length).toBeGreaterThanOrEqual(4);
    process.kill(-run.pid, 'SIGINT');
    expect(await run.ended).toBe(130);
    expect(running(started)).toEqual([]);
    expect(run.output()).toBe('');

    const service = start('serve', '--port', '0', '--slots', '1');
    await until('the service listens', () => service.output().includes('listens at'), 120);
    const client = createClient({ baseUrl: /listens at (\S+)/.exec(service.output())?.[1] ?? '' });
    const { items } = await client.listSearches();
    expect(items.map(({ state, request }) => [state, request.name])).toEqual([['cancelled', 'quickstart']]);
  });
});
