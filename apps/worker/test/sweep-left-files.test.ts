import { randomUUID } from 'node:crypto';

import type { Decision } from '@compound-search/contracts';
import { createScratchDatabase, createStore, type Store } from '@compound-search/store';
import { pino } from 'pino';
import { beforeAll, expect, inject, it } from 'vitest';

import { sweepLeftFiles } from '../src/sweep-left-files.ts';
import { noFiles } from './no-files.ts';
import { decisionOf, pausingSearchOf } from './search-of.ts';

let store: Store;
beforeAll(async () => {
  const database = await createScratchDatabase(inject('databaseUrl'));
  store = createStore({ databaseUrl: database.databaseUrl });
  return async () => {
    await store.close();
    await database.drop();
  };
});

const epoch = {
  epoch: 1,
  step: 2,
  learningRate: 0.01,
  trainLoss: 1,
  trainAccuracy: 0.5,
  validationLoss: 1,
  validationAccuracy: 0.5,
  seconds: 1,
};

/** A trial that has paused after its first epoch. */
async function pausedTrial(): Promise<{ readonly searchId: string; readonly trialId: string }> {
  const { searchId, trials } = await store.createSearch(pausingSearchOf('steps=8'));
  const [job] = trials;
  const claimed = job === undefined ? null : await store.claimTrial({ ...job, workerId: 'worker', leaseSeconds: 15 });
  if (job === undefined || claimed === null) throw new Error('The search opens with a trial');
  const attempt = { trialId: job.trialId, token: claimed.token };
  await store.recordEpoch({ ...attempt, epoch });
  expect(await store.pauseTrial(attempt)).toBe(true);
  return { searchId, trialId: job.trialId };
}

it('removes the checkpoints of trials that nobody will go on with, and of no others', async () => {
  const [dropped, promoted, waiting, held, cancelled, deleted] = await Promise.all([1, 2, 3, 4, 5, 6].map(pausedTrial));
  if (!dropped || !promoted || !waiting || !held || !cancelled || !deleted) throw new Error('There are six');
  const nothing: Decision = { ...decisionOf(2, null), assignments: [], stop: 'exhausted' };
  await store.takeDecision({ searchId: dropped.searchId, decision: nothing });
  await store.takeDecision({ searchId: promoted.searchId, decision: decisionOf(2, null) });
  await store.pauseSearch(held.searchId);
  await store.cancelSearch(cancelled.searchId);
  await store.cancelSearch(deleted.searchId);
  await store.deleteSearch(deleted.searchId);
  const left = [dropped, promoted, waiting, held, cancelled, deleted].map(({ trialId }) => trialId);
  const removed: string[] = [];
  await sweepLeftFiles({
    store,
    leftFiles: {
      ...noFiles,
      // Folders of others, and of trials of another database, are none of ours.
      listCheckpoints: () => Promise.resolve([...left, 'lost+found', randomUUID()]),
      removeCheckpoints: (trialId) => Promise.resolve(void removed.push(trialId)),
    },
    logger: pino({ level: 'silent' }),
  });
  expect(new Set(removed)).toEqual(new Set([dropped, cancelled, deleted].map(({ trialId }) => trialId)));
});

it('removes the graphs of trials that were deleted, and leaves those of all others', async () => {
  const [ended, deleted] = await Promise.all([1, 2].map(pausedTrial));
  if (!ended || !deleted) throw new Error('There are two');
  for (const { searchId } of [ended, deleted]) await store.cancelSearch(searchId);
  await store.deleteSearch(deleted.searchId);
  const removed: string[] = [];
  await sweepLeftFiles({
    store,
    leftFiles: {
      ...noFiles,
      listGraphUsers: () => Promise.resolve([ended.trialId, deleted.trialId, 'lost+found']),
      removeGraphsOf: (trialIds) => Promise.resolve(void removed.push(...trialIds)),
    },
    logger: pino({ level: 'silent' }),
  });
  expect(removed).toEqual([deleted.trialId]);
});
