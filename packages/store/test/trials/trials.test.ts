import { randomUUID } from 'node:crypto';

import { trialDetailSchema, trialViewSchema } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleEpoch } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { claim, complete, createSample } from '../steps.ts';

const scratch = useScratchStore();

function createSearch(candidates: number, seeds?: number[]) {
  return createSample(scratch().store, candidates, seeds);
}

describe('listTrials and getTrial', () => {
  it('pages through the trials of a search in the order of the queue, without learning curves', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createSearch(3);
    const attempt = await claim(store, trials[0]);
    await store.recordEpoch({ ...attempt, epoch: sampleEpoch(1) });
    const first = await store.listTrials(searchId, { limit: 4 });
    const second = await store.listTrials(searchId, { limit: 4, cursor: first?.next ?? undefined });
    const items = [...(first?.items ?? []), ...(second?.items ?? [])];
    expect(items.map(({ id }) => id)).toEqual(trials.map(({ trialId }) => trialId));
    expect(second?.next).toBeNull();
    for (const item of items) expect(trialViewSchema.strict().parse(item)).toEqual(item);
    const detail = await store.getTrial(attempt.trialId);
    expect(trialDetailSchema.strict().parse(detail).learningCurve).toEqual([sampleEpoch(1)]);
  });

  it('picks trials by state', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createSearch(2, [7]);
    await complete(store, trials.slice(0, 1));
    const completed = await store.listTrials(searchId, { limit: 10, state: 'completed' });
    const failed = await store.listTrials(searchId, { limit: 10, state: 'failed' });
    expect(completed?.items.map(({ id }) => id)).toEqual([trials[0]?.trialId]);
    expect(failed?.items).toEqual([]);
  });

  it('knows nothing of searches and trials that do not exist', async () => {
    const { store } = scratch();
    for (const id of [randomUUID(), 'none', '']) {
      expect(await store.listTrials(id, { limit: 1 })).toBeNull();
      expect(await store.getTrial(id)).toBeNull();
      expect(await store.getSearch(id)).toBeNull();
      expect(await store.getResults(id)).toBeNull();
      expect(await store.getDefinition(id)).toBeNull();
      expect(await store.getRevision(id)).toBeNull();
      expect(await store.getAnswer(id)).toBeNull();
    }
  });
});

describe('trialsToEnqueue', () => {
  it('names what is queued and has been for a while, with the attempt that may be claimed', async () => {
    const { store } = scratch();
    const { trials } = await createSearch(3, [7]);
    await complete(store, trials.slice(0, 1));
    await store.releaseTrial(await claim(store, trials[1]));
    expect(await store.trialsToEnqueue({ queuedSeconds: 60, limit: 10_000 })).toEqual([]);
    const named = await store.trialsToEnqueue({ queuedSeconds: 0, limit: 10_000 });
    const own = named.filter(({ trialId }) => trials.some((trial) => trial.trialId === trialId));
    expect(own).toEqual([
      { trialId: trials[1]?.trialId, attempt: 2 },
      { trialId: trials[2]?.trialId, attempt: 1 },
    ]);
  });

  it('names no more than it is asked for, of however many searches', async () => {
    const { store } = scratch();
    await createSearch(3, [7]);
    await createSearch(3, [7]);
    expect(await store.trialsToEnqueue({ queuedSeconds: 0, limit: 2 })).toHaveLength(2);
    expect((await store.trialsToEnqueue({ queuedSeconds: 0, limit: 5 })).length).toBe(5);
  });
});
