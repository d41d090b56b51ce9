import { randomUUID } from 'node:crypto';

import type { TrialCounts } from '@compound-search/contracts';
import { createTrialQueue, type TrialQueue } from '@compound-search/queue';
import { createScratchDatabase, createStore, type ScratchDatabase, type Store } from '@compound-search/store';
import { pino } from 'pino';
import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';

import { type RunningWorker, startWorker } from '../src/worker.ts';
import { type ScriptedTrainings, scriptedTrainings } from './scripted-training.ts';
import { searchOf } from './search-of.ts';

const redisUrl = inject('redisUrl');
const logger = pino({ level: 'silent' });
let database: ScratchDatabase;
let store: Store;

beforeAll(async () => {
  database = await createScratchDatabase(inject('databaseUrl'));
  store = createStore({ databaseUrl: database.databaseUrl });
  return async () => {
    await store.close();
    await database.drop();
  };
});

let prefix: string;
let queue: TrialQueue;
beforeEach(() => {
  prefix = randomUUID();
  queue = createTrialQueue({ redisUrl, prefix });
  return () => queue.close();
});

const startWith = (slots: number, trainings: ScriptedTrainings): Promise<RunningWorker> =>
  startWorker({
    environment: {
      DATABASE_URL: database.databaseUrl,
      REDIS_URL: redisUrl,
      QUEUE_PREFIX: prefix,
      COMPOUND_SEARCH_SLOTS: slots,
      LOG_LEVEL: 'silent',
    },
    startTraining: trainings.start,
    logger,
    signal: new AbortController().signal,
  });

const countsOf = async (searchId: string): Promise<TrialCounts | undefined> =>
  (await store.getSearch(searchId))?.trials;

describe('startWorker', () => {
  it.each([1, 3, 7])('ends a search of three trials with %i slots, and trains what was recorded', async (slots) => {
    const trainings = scriptedTrainings();
    const worker = await startWith(slots, trainings);
    const search = searchOf(3);
    const { searchId, trials } = await store.createSearch(search);
    await queue.add(trials);
    await expect.poll(() => countsOf(searchId), { timeout: 30_000 }).toMatchObject({ completed: 3 });
    await worker.close();

    const outcome = await store.getOutcome(searchId);
    const recorded = outcome?.candidates.flatMap(({ candidate, trials: [trial] }) => ({
      trialId: trial?.trialId,
      multipliers: candidate.multipliers,
      fingerprint: candidate.fingerprint,
      validationAccuracy: trial?.result?.validationAccuracy,
    }));
    const byId = (one: { trialId?: string | undefined }, other: { trialId?: string | undefined }): number =>
      (one.trialId ?? '').localeCompare(other.trialId ?? '');
    const trained = trainings.specifications.map(({ trialId, multipliers, fingerprint, seed }) => ({
      trialId,
      multipliers,
      fingerprint,
      validationAccuracy:
        (multipliers.depth + multipliers.width / 100 + multipliers.resolution / 10_000 + seed / 1e6) / 100,
    }));
    expect(trained.toSorted(byId)).toEqual(recorded?.toSorted(byId));
    expect(trainings.running.size).toBe(0);
  });
});
