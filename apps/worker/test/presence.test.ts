import { randomUUID } from 'node:crypto';

import { createTrialQueue, type TrialQueue } from '@compound-search/queue';
import { createScratchDatabase, createStore, type Store } from '@compound-search/store';
import { Client } from 'pg';
import { pino } from 'pino';
import { beforeEach, describe, expect, inject, it } from 'vitest';

import manifest from '../package.json' with { type: 'json' };
import { type RunningWorker, startWorker } from '../src/worker.ts';
import { noFiles } from './no-files.ts';
import { type ScriptedTrainings, scriptedTrainings } from './scripted-training.ts';
import { searchOf } from './search-of.ts';

const redisUrl = inject('redisUrl');
let databaseUrl: string;
let store: Store;
let queue: TrialQueue;
let prefix: string;
let trainings: ScriptedTrainings;
let log: string[];

beforeEach(async () => {
  const database = await createScratchDatabase(inject('databaseUrl'));
  databaseUrl = database.databaseUrl;
  store = createStore({ databaseUrl });
  prefix = randomUUID();
  queue = createTrialQueue({ redisUrl, prefix });
  trainings = scriptedTrainings();
  log = [];
  return async () => {
    await queue.close();
    await store.close();
    await database.drop();
  };
});

function start(): Promise<RunningWorker> {
  return startWorker({
    environment: {
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      QUEUE_PREFIX: prefix,
      COMPOUND_SEARCH_SLOTS: 1,
      COMPOUND_SEARCH_DATA_ROOT: 'datasets',
      COMPOUND_SEARCH_RESIDENT_MEGABYTES: 1024,
      METRICS_HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
    },
    startTraining: trainings.start,
    leftFiles: noFiles,
    logger: pino({ level: 'info' }, { write: (line: string) => void log.push(line) }),
    signal: new AbortController().signal,
  });
}

async function post(candidates: number, script: string): Promise<string> {
  const { searchId, trials } = await store.createSearch(searchOf(candidates, { script }));
  await queue.add(trials);
  return searchId;
}

async function onlyWorker() {
  const workers = await store.listWorkers();
  expect(workers).toHaveLength(1);
  const [worker] = workers;
  if (worker === undefined) throw new Error('There is no worker');
  return worker;
}

async function execute(sql: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** The counts, after what the service does from time to time: all that is queued in the store goes to the queue. */
async function refilledCountsOf(searchId: string) {
  await queue.add(await store.trialsToEnqueue({ queuedSeconds: 0, limit: 100 }));
  return countsOf(searchId);
}

async function countsOf(searchId: string) {
  return (await store.getSearch(searchId))?.trials;
}

const patiently = { timeout: 40_000, interval: 50 };

describe('a worker', () => {
  it('is listed from its start on with the trial that it trains, and is gone when it has ended', async () => {
    const worker = await start();
    expect(await onlyWorker()).toMatchObject({
      pid: process.pid,
      version: manifest.version,
      device: 'cpu',
      slots: 1,
      state: 'active',
      engine: null,
    });
    const searchId = await post(1, 'steps=100000,pause=20');
    await expect.poll(async () => (await onlyWorker()).trials, patiently).toMatchObject([{ searchId, attempt: 1 }]);
    await expect
      .poll(async () => (await onlyWorker()).engine, patiently)
      .toMatchObject({ platform: process.platform, fingerprint: 'b'.repeat(64) });
    await worker.close();
    expect(await store.listWorkers()).toEqual([]);
  });

  it('finishes what it has while it drains, leaves the rest to others, and takes trials again when it is resumed', async () => {
    const worker = await start();
    const { id } = await onlyWorker();
    const searchId = await post(2, 'steps=20,pause=20');
    await expect.poll(() => countsOf(searchId), patiently).toMatchObject({ running: 1 });
    await store.drainWorker(id, true);
    await expect.poll(() => countsOf(searchId), patiently).toMatchObject({ completed: 1, queued: 1 });
    await expect.poll(() => log.join(''), patiently).toContain('the worker drains');
    const other = await start();
    await expect.poll(() => refilledCountsOf(searchId), patiently).toMatchObject({ completed: 2 });
    await other.close();
    expect(await onlyWorker()).toMatchObject({ id, state: 'draining', trials: [] });

    const next = await post(1, 'steps=4');
    await store.drainWorker(id, false);
    await expect.poll(() => log.join(''), patiently).toContain('the worker takes trials again');
    await expect.poll(() => refilledCountsOf(next), patiently).toMatchObject({ completed: 1 });
    await worker.close();
  });

  it('is unfit from when a newer version has changed the tables, and says so, and is fit when that is undone', async () => {
    const worker = await start();
    await execute(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
       VALUES ('newer', 'c', '29990101000000_renamed_breaking', now())`,
    );
    const searchId = await post(1, 'steps=4');
    await expect.poll(async () => (await onlyWorker()).state, patiently).toBe('unfit');
    expect((await onlyWorker()).unfit).toContain('29990101000000_renamed_breaking');
    expect(log.join('')).toContain('the worker is unfit');
    expect(await countsOf(searchId)).toMatchObject({ queued: 1 });

    await execute(`DELETE FROM _prisma_migrations WHERE id = 'newer'`);
    await expect.poll(async () => (await onlyWorker()).state, patiently).toBe('active');
    await expect.poll(() => refilledCountsOf(searchId), patiently).toMatchObject({ completed: 1 });
    await worker.close();
  });

  it('that cannot load TensorFlow is unfit after its first trial, which goes back to the queue with all others', async () => {
    const worker = await start();
    const searchId = await post(3, 'end=unloadable');
    await expect.poll(async () => (await onlyWorker()).state, patiently).toBe('unfit');
    await expect.poll(() => refilledCountsOf(searchId), patiently).toMatchObject({ queued: 3, failed: 0 });
    await worker.close();
    expect(trainings.specifications).toHaveLength(1);
    expect(log.join('')).toContain('Native TensorFlow cannot be loaded: no such file');
  });
});
