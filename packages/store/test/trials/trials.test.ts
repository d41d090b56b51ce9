import { randomUUID } from 'node:crypto';

import { trialDetailSchema, type TrialJob, trialViewSchema } from '@compound-search/contracts';
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
      expect(await store.getOutcome(id)).toBeNull();
    }
  });
});

describe('queuedTrials', () => {
  it('pages through exactly what is queued, with the attempt that may be claimed', async () => {
    const { store } = scratch();
    const { trials } = await createSearch(3, [7]);
    await complete(store, trials.slice(0, 1));
    await store.releaseTrial(await claim(store, trials[1]));
    const all: TrialJob[] = [];
    let cursor: string | undefined;
    do {
      const page = await store.queuedTrials({ limit: 300, cursor });
      all.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(all).toHaveLength(await store.countQueued());
    expect(all).not.toContainEqual(expect.objectContaining({ trialId: trials[0]?.trialId }));
    expect(all).toContainEqual({ trialId: trials[1]?.trialId, attempt: 2 });
    expect(all).toContainEqual({ trialId: trials[2]?.trialId, attempt: 1 });
  });
});
