import { randomUUID } from 'node:crypto';

import type { TrialJob, TrialView } from '@compound-search/contracts';
import { createTrialQueue, type TrialQueue } from '@compound-search/queue';
import { createScratchDatabase, createStore, type Store } from '@compound-search/store';
import { pino } from 'pino';
import { beforeEach, describe, expect, inject, it } from 'vitest';

import { outcomeOf } from '../../../packages/store/test/outcome.ts';
import type { Environment } from '../src/env.ts';
import { type RunningWorker, startWorker } from '../src/worker.ts';
import { startRelay } from './cuttable-relay.ts';
import { noFiles } from './no-files.ts';
import { type ScriptedTrainings, scriptedTrainings } from './scripted-training.ts';
import { searchOf } from './search-of.ts';
import { wipeQueue } from './wipe-queue.ts';

const redisUrl = inject('redisUrl');
let databaseUrl: string;
let store: Store;
let prefix: string;
let queue: TrialQueue;

/** A record of each test's own: a worker takes whatever is queued. */
beforeEach(async () => {
  const database = await createScratchDatabase(inject('databaseUrl'));
  databaseUrl = database.databaseUrl;
  store = createStore({ databaseUrl });
  prefix = randomUUID();
  queue = createTrialQueue({ redisUrl, prefix });
  return async () => {
    await queue.close();
    await store.close();
    await database.drop();
  };
});

function environmentFor(slots: number, changes: Partial<Environment>): Environment {
  return {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    QUEUE_PREFIX: prefix,
    COMPOUND_SEARCH_SLOTS: slots,
    COMPOUND_SEARCH_DATA_ROOT: 'datasets',
    COMPOUND_SEARCH_RESIDENT_MEGABYTES: 1024,
    METRICS_HOST: '127.0.0.1',
    LOG_LEVEL: 'silent',
    ...changes,
  };
}

function startWith(
  slots: number,
  trainings: ScriptedTrainings,
  changes: Partial<Environment> = {},
): Promise<RunningWorker> {
  return startWorker({
    environment: environmentFor(slots, changes),
    startTraining: trainings.start,
    leftFiles: noFiles,
    logger: pino({ level: 'silent' }),
    signal: new AbortController().signal,
  });
}

async function createQueued(search: ReturnType<typeof searchOf>): Promise<{ searchId: string; trials: TrialJob[] }> {
  const created = await store.createSearch(search);
  await queue.add(created.trials);
  return created;
}

/** What the service does from time to time: everything that is queued in the store goes to the queue. */
async function reconcile(): Promise<void> {
  await queue.add(await store.trialsToEnqueue({ queuedSeconds: 0, limit: 1_000 }));
}

async function countsOf(searchId: string) {
  return (await store.getSearch(searchId))?.trials;
}
async function trialsOf(searchId: string): Promise<TrialView[]> {
  return (await store.listTrials(searchId, { limit: 1_000 }))?.items ?? [];
}
const patiently = { timeout: 40_000, interval: 50 };

describe('a worker', () => {
  it.each([1, 3, 7])('ends a search of three trials with %i slots, and trains what was recorded', async (slots) => {
    const trainings = scriptedTrainings();
    const worker = await startWith(slots, trainings);
    const { searchId } = await createQueued(searchOf(3));
    await expect.poll(() => countsOf(searchId), patiently).toMatchObject({ completed: 3 });
    await worker.close();

    const outcome = await outcomeOf(store, searchId);
    const recorded = outcome.candidates.map(({ candidate, trials: [trial] }) => ({
      trialId: trial?.trialId,
      multipliers: candidate.multipliers,
      fingerprint: candidate.fingerprint,
      validationAccuracy: trial?.result?.validationAccuracy,
    }));
    const trained = trainings.specifications.map(({ trialId, multipliers, fingerprint, seed }) => ({
      trialId,
      multipliers,
      fingerprint,
      validationAccuracy:
        (multipliers.depth + multipliers.width / 100 + multipliers.resolution / 10_000 + seed / 1e6) / 100,
    }));
    expect(trained).toHaveLength(3);
    expect(recorded).toEqual(expect.arrayContaining(trained));
    expect(trainings.running.size).toBe(0);
  });

  it('records the learning curve in order and what the trial ran on', async () => {
    const worker = await startWith(1, scriptedTrainings());
    const { trials } = await createQueued(searchOf(1, { script: 'steps=40' }));
    const trialId = trials[0]?.trialId ?? '';
    await expect.poll(() => store.getTrial(trialId), patiently).toMatchObject({ state: 'completed' });
    await worker.close();
    const trial = await store.getTrial(trialId);
    expect(trial).toMatchObject({ step: 40, steps: 40, engine: { device: 'cpu', threads: 1 } });
    expect(trial?.learningCurve.map(({ epoch, step }) => ({ epoch, step }))).toEqual(
      Array.from({ length: 20 }, (_, index) => ({ epoch: index + 1, step: 2 * (index + 1) })),
    );
  });

  it('runs nothing twice when every job is added by two services again and again', async () => {
    const trainings = scriptedTrainings();
    const workers = await Promise.all([startWith(2, trainings), startWith(2, trainings)]);
    const { searchId } = await createQueued(searchOf(6, { script: 'steps=4,pause=5' }));
    await expect
      .poll(async () => {
        await Promise.all([reconcile(), reconcile()]);
        return countsOf(searchId);
      }, patiently)
      .toMatchObject({ completed: 6 });
    await Promise.all(workers.map((worker) => worker.close()));
    const trained = trainings.specifications.map(({ trialId }) => trialId);
    expect(trained.toSorted()).toEqual((await trialsOf(searchId)).map(({ id }) => id).toSorted());
  });

  it('loses nothing when the queue is wiped in the middle, and runs nothing twice', async () => {
    const trainings = scriptedTrainings();
    const worker = await startWith(1, trainings);
    const { searchId } = await createQueued(searchOf(4, { script: 'steps=10,pause=20' }));
    await expect.poll(() => countsOf(searchId), patiently).toMatchObject({ running: 1 });
    await queue.close();
    await wipeQueue(redisUrl, prefix);
    queue = createTrialQueue({ redisUrl, prefix });
    expect(await queue.counts()).toMatchObject({ waiting: 0 });
    await expect
      .poll(async () => {
        await reconcile();
        return countsOf(searchId);
      }, patiently)
      .toMatchObject({ completed: 4 });
    await worker.close();
    expect(trainings.specifications).toHaveLength(4);
    expect(new Set(trainings.specifications.map(({ trialId }) => trialId)).size).toBe(4);
    expect((await trialsOf(searchId)).map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);
  });

  it('finishes what it trains while the queue is away, and takes trials again when it is back', async () => {
    const relay = await startRelay(redisUrl);
    const worker = await startWith(1, scriptedTrainings(), { REDIS_URL: relay.url });
    const { searchId } = await createQueued(searchOf(3, { script: 'steps=10,pause=20' }));
    await expect.poll(() => countsOf(searchId), patiently).toMatchObject({ running: 1 });
    await relay.cut();
    await expect.poll(() => countsOf(searchId), patiently).toMatchObject({ completed: 1, running: 0 });
    await relay.mend();
    await expect.poll(() => countsOf(searchId), patiently).toMatchObject({ completed: 3 });
    await worker.close();
    await relay.close();
    expect((await trialsOf(searchId)).map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
  });

  it('adds nothing to a finished search when its jobs are handed out once more', async () => {
    const trainings = scriptedTrainings();
    const worker = await startWith(2, trainings);
    const { searchId, trials } = await createQueued(searchOf(2));
    await expect.poll(() => countsOf(searchId), patiently).toMatchObject({ completed: 2 });
    const before = await trialsOf(searchId);
    await queue.add(trials);
    await expect.poll(() => queue.counts(), patiently).toEqual({ waiting: 0, active: 0 });
    await worker.close();
    expect(trainings.specifications).toHaveLength(2);
    expect(await trialsOf(searchId)).toEqual(before);
  });
});

describe('two searches', () => {
  it('share the slots: a small one posted behind a large one starts at once and ends long before it', async () => {
    const trainings = scriptedTrainings();
    const worker = await startWith(2, trainings);
    const large = await createQueued(searchOf(30, { script: 'steps=4,pause=20' }));
    await expect.poll(() => countsOf(large.searchId), patiently).toMatchObject({ running: 2 });
    const small = await createQueued(searchOf(4, { script: 'steps=4,pause=10' }));
    await expect.poll(() => countsOf(large.searchId), patiently).toMatchObject({ completed: 30 });
    await worker.close();
    const own = new Set(small.trials.map(({ trialId }) => trialId));
    const started = trainings.specifications.map(({ trialId }) => own.has(trialId));
    // As many of the large one before the last of the small one as it has run on its own slot, and some ahead.
    expect(started.lastIndexOf(true)).toBeLessThanOrEqual(16);
    expect(started.filter(Boolean)).toHaveLength(4);
  });
});

describe('a trial that goes wrong', () => {
  it('is failed with its reason when it diverges, and the others go on', async () => {
    const worker = await startWith(2, scriptedTrainings());
    const { searchId } = await createQueued(searchOf(2, { script: 'steps=4,end=diverged' }));
    await expect.poll(() => countsOf(searchId), patiently).toMatchObject({ failed: 2 });
    await worker.close();
    for (const trial of await trialsOf(searchId)) {
      expect(trial).toMatchObject({
        state: 'failed',
        attempt: 1,
        result: null,
        failure: { code: 'TRIAL_DIVERGED', message: 'The loss is not finite', step: 2 },
      });
    }
  });

  it.each([
    ['dies', 'crash'],
    ['ends well without a result', 'silent'],
  ])('is tried three times, each in a fresh process, when its process %s', async (_, end) => {
    const trainings = scriptedTrainings();
    const worker = await startWith(1, trainings);
    const { searchId } = await createQueued(searchOf(1, { script: `steps=4,end=${end}` }));
    await expect.poll(() => countsOf(searchId), patiently).toMatchObject({ failed: 1 });
    await worker.close();
    expect(trainings.specifications.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(await trialsOf(searchId)).toMatchObject([{ attempt: 3, failure: { code: 'TRIAL_LOST' } }]);
  });
});

describe('cancelling', () => {
  it('ends the running trainings and frees their slots for other searches', async () => {
    const trainings = scriptedTrainings();
    const worker = await startWith(2, trainings);
    const { searchId } = await createQueued(searchOf(4, { script: 'steps=100000,pause=20' }));
    await expect.poll(() => countsOf(searchId), patiently).toMatchObject({ running: 2 });
    const { search } = (await store.cancelSearch(searchId)) ?? {};
    expect(search).toMatchObject({ state: 'cancelled', trials: { cancelled: 4 } });
    const other = await createQueued(searchOf(1));
    await expect.poll(() => countsOf(other.searchId), patiently).toMatchObject({ completed: 1 });
    await expect.poll(() => trainings.running.size, patiently).toBe(0);
    await worker.close();
    expect(trainings.specifications).toHaveLength(3);
    expect(await countsOf(searchId)).toMatchObject({ cancelled: 4 });
  });
});

describe('closing a worker', () => {
  it('gives running trials back without counting a loss, and the next worker ends them', async () => {
    const trainings = scriptedTrainings();
    const worker = await startWith(2, trainings);
    const { searchId } = await createQueued(searchOf(3, { script: 'steps=20,pause=10' }));
    await expect.poll(() => countsOf(searchId), patiently).toMatchObject({ running: 2 });
    await worker.close();
    expect(trainings.running.size).toBe(0);
    expect(await countsOf(searchId)).toMatchObject({ queued: 3, running: 0 });

    const next = await startWith(2, trainings);
    await expect.poll(() => countsOf(searchId), patiently).toMatchObject({ completed: 3 });
    await next.close();
    expect((await trialsOf(searchId)).map(({ attempt }) => attempt).toSorted()).toEqual([1, 2, 2]);
  });

  it('ends a training that does not listen', async () => {
    const trainings = scriptedTrainings();
    const worker = await startWith(1, trainings);
    const { searchId } = await createQueued(searchOf(1, { script: 'steps=100000,pause=20,end=deaf' }));
    await expect.poll(() => countsOf(searchId), patiently).toMatchObject({ running: 1 });
    await worker.close();
    expect(trainings.running.size).toBe(0);
    expect(await trialsOf(searchId)).toMatchObject([{ state: 'queued', attempt: 2 }]);
  });
});
