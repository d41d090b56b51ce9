import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { SearchRequestInput } from '@compound-search/contracts';
import { type Client, createClient } from '@compound-search/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { commandResult, type CommandRun, runCommand } from './command.ts';
import { outcomeOf } from './outcome-of.ts';
import { childNaming, descendantsOf, running, until } from './processes.ts';
import { serviceUrlOf } from './service-url-of.ts';
import { smallSearch } from './small-search.ts';

/** Two searches of twelve trainings in turn, ten more, and up to three leases that have to run out. */
const patience = 600_000;

/** Six candidates with two seeds each: twelve trials. */
const request: SearchRequestInput = {
  ...smallSearch,
  name: 'twelve trials',
  grid: { alpha: [1, 1.2, 1.4, 2], beta: [1, 1.1, 1.2, 1.4], gamma: [1, 1.15, 1.2] },
  seeds: [1, 2],
  recipe: { epochs: 2 },
};

let folder = '';
let serve: CommandRun;
let url = '';
let client: Client;

async function completedTrials(id: string): Promise<number> {
  try {
    return (await client.getSearch(id)).trials.completed;
  } catch {
    // The API may be the process that was killed just now.
    return 0;
  }
}

function kill(pid: number): void {
  process.kill(pid, 'SIGKILL');
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'disturbed-'));
  serve = runCommand(['serve', '--data', folder, '--port', '0', '--slots', '2']);
  url = await serviceUrlOf(serve);
  client = createClient({ baseUrl: url });
}, patience);

afterAll(async () => {
  serve.child.kill('SIGTERM');
  await serve.ended;
  rmSync(folder, { recursive: true });
}, patience);

describe('a search of twelve trials on two slots', { timeout: patience }, () => {
  it('ends in the same leaderboard when its processes are killed on the way, and ten trials rerun equal', async () => {
    const calm = await client.createSearch(request);
    expect(calm.trials.total).toBe(12);
    expect((await client.waitForSearch(calm.id)).state).toBe('completed');

    const disturbed = await client.createSearch(request);
    await until('a trial has completed', async () => (await completedTrials(disturbed.id)) >= 1, 120);
    kill(childNaming(childNaming(serve.pid, 'apps/worker'), 'training/src/process/child'));
    await until('three trials have completed', async () => (await completedTrials(disturbed.id)) >= 3, 120);
    kill(childNaming(serve.pid, 'apps/worker'));
    await until('five trials have completed', async () => (await completedTrials(disturbed.id)) >= 5, 240);
    kill(childNaming(serve.pid, 'apps/api'));
    await until('seven trials have completed', async () => (await completedTrials(disturbed.id)) >= 7, 120);
    kill(childNaming(serve.pid, 'bin/postgres'));
    await until('nine trials have completed', async () => (await completedTrials(disturbed.id)) >= 9, 240);
    kill(childNaming(serve.pid, 'valkey-server'));
    expect((await client.waitForSearch(disturbed.id)).state).toBe('completed');

    expect(await outcomeOf(client, disturbed.id)).toEqual(await outcomeOf(client, calm.id));
    for (const part of ['The API', 'The worker', 'PostgreSQL', 'Valkey']) {
      expect(serve.messages()).toContain(`${part} has died (signal SIGKILL)`);
      expect(serve.messages()).toContain(`${part} is back.`);
    }
    const trials = (await client.trials(disturbed.id, { limit: 100 })).items;
    expect(trials.filter(({ purpose }) => purpose === 'ranking')).toHaveLength(12);
    // The killed training and those of the killed worker were run again; none for the sake of the servers.
    const again = trials.filter(({ attempt }) => attempt > 1).length;
    expect(again).toBeGreaterThanOrEqual(2);
    expect(again).toBeLessThanOrEqual(3);

    // Those that were killed among them.
    const stored = [...trials].sort((a, b) => b.attempt - a.attempt).slice(0, 10);
    const reruns = await Promise.all(stored.map(({ id }) => commandResult(['--url', url, 'rerun', id])));
    const verdicts = reruns.map(({ code, output }) => ({ code, isEqual: output.startsWith('Equal to the bit') }));
    expect(verdicts).toEqual(Array.from({ length: 10 }, () => ({ code: 0, isEqual: true })));

    const started = descendantsOf(serve.pid);
    process.kill(-serve.pid, 'SIGINT');
    expect(await serve.ended).toBe(0);
    expect(running(started)).toEqual([]);
  });
});
