import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { SearchRequestInput } from '@compound-search/contracts';
import { type Client, createClient } from '@compound-search/sdk';
import { describe, expect, it, onTestFinished } from 'vitest';

import { commandResult, type CommandRun, runCommand } from './command.ts';
import { outcomeOf } from './outcome-of.ts';
import { childNaming, descendantsOf, isRunning, until } from './processes.ts';
import { serviceUrlOf } from './service-url-of.ts';
import { smallSearch } from './small-search.ts';

const patience = 900_000;

/** Two candidates with two seeds each, and two tests of the winner: six trainings of four steps. */
const request: SearchRequestInput = {
  ...smallSearch,
  grid: { alpha: [1.2, 2], beta: [1, 1.1], gamma: [1, 1.15] },
  seeds: [1, 2],
  split: { trainImages: 64, validationImages: 50 },
  recipe: { epochs: 2 },
};

/** One candidate of it: four trainings. */
const small: SearchRequestInput = { ...request, grid: smallSearch.grid };

interface Service {
  readonly folder: string;
  readonly run: CommandRun;
  readonly url: string;
  readonly client: Client;
  /** Process ids of API and worker: the same as long as neither has died. */
  readonly programs: () => readonly number[];
}

async function startService(launcherFor: (folder: string) => readonly string[] = () => []): Promise<Service> {
  const folder = mkdtempSync(path.join(tmpdir(), 'full-disk-'));
  // One of its own, whatever folder the tests of trainings share: without what they left there is nothing to train.
  const trainings = { COMPOUND_SEARCH_TRAINING_FOLDER: path.join(folder, 'trainings') };
  const command = ['serve', '--data', folder, '--port', '0', '--slots', '1'];
  const run = runCommand(command, trainings, launcherFor(folder));
  onTestFinished(async () => {
    run.child.kill('SIGTERM');
    await run.ended;
    rmSync(folder, { recursive: true });
  });
  const url = await serviceUrlOf(run);
  const programs = (): number[] => ['apps/api', 'apps/worker'].map((app) => childNaming(run.pid, app));
  return { folder, run, url, client: createClient({ baseUrl: url }), programs };
}

/** @returns the identifier of the search, which has ended. */
async function search(client: Client, posted: SearchRequestInput = request): Promise<string> {
  const { id } = await client.createSearch(posted);
  await client.waitForSearch(id);
  return id;
}

/**
 * Lets the worker and its trainings write files up to a size, in bytes. With none, every write to a file fails, as on a
 * full disk, while PostgreSQL and Valkey have room on theirs.
 */
function limitFiles({ run }: Service, bytes: 0 | 'unlimited'): void {
  const worker = childNaming(run.pid, 'apps/worker');
  for (const pid of [worker, ...descendantsOf(worker)]) {
    const { status, stderr } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`], { encoding: 'utf8' });
    // A training that has just ended writes nothing any more.
    if (status !== 0 && isRunning(pid)) throw new Error(`prlimit: ${stderr}`);
  }
}

describe.runIf(process.platform === 'linux')('a search whose worker has a full disk', () => {
  it(
    'comes to the same answer without checkpoints, and ranks nothing worse that could not be trained at all',
    async () => {
      const service = await startService();
      const { client, folder, programs, url } = service;
      const calm = await search(client);
      expect((await client.leaderboard(calm)).rows).toHaveLength(2);
      const before = programs();

      limitFiles(service, 0);
      const starved = await search(client);
      expect(await outcomeOf(client, starved)).toEqual(await outcomeOf(client, calm));

      // Without the graphs that the searches before have left there is nothing to train.
      rmSync(path.join(folder, 'trainings', 'graphs'), { recursive: true });
      const { id } = await client.createSearch(request);
      await until('a trial has failed', async () => (await client.getSearch(id)).trials.failed > 0, 240);
      limitFiles(service, 'unlimited');
      const { state, trials: counts } = await client.waitForSearch(id);
      expect(state).toBe('completed_with_failures');
      expect(counts.completed).toBeGreaterThan(0);
      const failed = (await client.trials(id, { state: 'failed', limit: 100 })).items;
      expect(failed.map(({ attempt, failure }) => [attempt, failure?.code])).toEqual(
        failed.map(() => [3, 'STORAGE_FAILED']),
      );
      // Each candidate is ranked by what has completed.
      const { rows } = await client.leaderboard(id);
      expect(rows.map(({ trials }) => trials.failedBy.training)).toEqual([0, 0]);
      expect(rows.map(({ rank, validationAccuracy }) => [rank !== null, validationAccuracy?.seeds ?? 0])).toEqual(
        rows.map(({ trials }) => [trials.completed > 0, trials.completed]),
      );
      expect((await client.coefficients(id)).confidence.missingTrials).toBe(failed.length);
      expect((await commandResult(['--url', url, 'trials', id])).output).toContain('STORAGE_FAILED');

      const healed = await search(client);
      expect(await outcomeOf(client, healed)).toEqual(await outcomeOf(client, calm));
      expect(programs()).toEqual(before);
      // What the worker had to say while it could not write is there too.
      const log = readFileSync(path.join(folder, 'logs', 'worker.log'), 'utf8');
      expect(log.includes('The checkpoint cannot be written')).toBe(true);
      expect(log.includes('"code":"STORAGE_FAILED"')).toBe(true);
    },
    patience,
  );
});

/** What it takes to see a mount that nobody else sees: a namespace, which ordinary users may not make everywhere. */
const namespace = ['--mount', ...(process.getuid?.() === 0 ? [] : ['--user', '--map-current-user', '--keep-caps'])];

/** A command line for a program whose folder is a disk of its own. PostgreSQL's user may enter it. */
function onSmallDisk(folder: string): string[] {
  const script = 'mount -t tmpfs -o size=96m,mode=755 tmpfs "$1" && shift && exec "$@"';
  return ['unshare', ...namespace, 'sh', '-c', script, 'sh', folder];
}

function canMount(): boolean {
  const folder = mkdtempSync(path.join(tmpdir(), 'full-disk-'));
  const [command, ...args] = [...onSmallDisk(folder), 'true'];
  const { status } = spawnSync(command, args);
  rmSync(folder, { recursive: true });
  return status === 0;
}

/** Writes until there is no room, not for a page. */
function fill(file: string): void {
  const descriptor = openSync(file, 'w');
  try {
    for (const block of [2 ** 20, 4096].map((bytes) => Buffer.alloc(bytes))) writeWhileThereIsRoom(descriptor, block);
  } finally {
    closeSync(descriptor);
  }
}

function writeWhileThereIsRoom(descriptor: number, block: Buffer): void {
  try {
    for (;;) writeSync(descriptor, block);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

describe.runIf(canMount())('a service whose whole disk is full', () => {
  it(
    'says so, takes no searches, outlives it, and then ends the search that was under way as if nothing had been',
    async () => {
      const { client, folder, programs, run, url } = await startService(onSmallDisk);
      const before = programs();
      const { id } = await client.createSearch(small);
      await until('a trial has completed', async () => (await client.getSearch(id)).trials.completed > 0, 240);
      const filler = path.join(`/proc/${run.pid}/root`, folder, 'filler');
      fill(filler);
      await until('the service is not ready', async () => (await fetch(`${url}/readyz`)).status === 503, 240);
      await expect(client.createSearch(small)).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
      expect((await client.getSearch(id)).trials.failed).toBe(0);

      rmSync(filler);
      expect((await client.waitForSearch(id)).state).toBe('completed');
      expect(await client.listSearches()).toMatchObject({ items: [{ id }] });
      const after = await search(client, small);
      expect(await outcomeOf(client, after)).toEqual(await outcomeOf(client, id));
      expect(programs()).toEqual(before);
    },
    patience,
  );
});
