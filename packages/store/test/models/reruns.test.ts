import { randomUUID } from 'node:crypto';

import type { TrialJob } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { MOST_LOSSES } from '../../src/attempts/losses.ts';
import { outcomeOf } from '../outcome.ts';
import { sampleModelPlan, sampleResult } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { claim, complete, createRanked, createSample } from '../steps.ts';

const scratch = useScratchStore();

async function rerunOf(trialId: string): Promise<TrialJob> {
  const created = await scratch().store.createRerun(trialId);
  if (created === null) throw new Error('The trial has completed');
  return created.job;
}

async function completedTrial(): Promise<{ searchId: string; trialId: string }> {
  const { store } = scratch();
  const { searchId, trials } = await createSample(store, 1, [7]);
  await complete(store, trials);
  return { searchId, trialId: trials[0]?.trialId ?? '' };
}

describe('createRerun', () => {
  it('queues the same candidate with the same seed and specification, as often as it is asked', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createSample(store, 2, [7, 3]);
    const original = trials[1];
    if (original === undefined) throw new Error('There are four trials');
    const first = await store.claimTrial({ ...original, workerId: 'worker', leaseSeconds: 15 });
    if (first === null) throw new Error('The trial is free');
    expect(await store.createRerun(original.trialId)).toBeNull();
    await store.completeTrial({ trialId: original.trialId, token: first.token, result: sampleResult(0.5) });
    for (const job of [await rerunOf(original.trialId), await rerunOf(original.trialId)]) {
      expect(await store.getTrial(job.trialId)).toMatchObject({
        searchId,
        purpose: 'rerun',
        rerunOf: original.trialId,
        state: 'queued',
      });
      const claimed = await store.claimTrial({ ...job, workerId: 'worker', leaseSeconds: 15 });
      expect(claimed?.specification).toEqual({ ...first.specification, trialId: job.trialId, purpose: 'rerun' });
    }
  });

  it('knows only trials that have completed', async () => {
    const { store } = scratch();
    const { trials } = await createSample(store, 1, [7]);
    const failure = { code: 'TRIAL_DIVERGED', message: 'The loss is NaN', step: 3 } as const;
    await store.failTrial({ ...(await claim(store, trials[0])), failure });
    for (const id of [trials[0]?.trialId ?? '', randomUUID(), 'none']) expect(await store.createRerun(id)).toBeNull();
  });

  it('repeats a rerun, and a model with the network that was planned for it', async () => {
    const { store } = scratch();
    const { searchId, candidateId } = await createRanked(store);
    const model = await store.createModel({ searchId, candidateId, seed: 5, plan: sampleModelPlan });
    if (model === null) throw new Error('The candidate is of the search');
    await complete(store, [model]);
    const rerun = await rerunOf(model.trialId);
    await complete(store, [rerun]);
    const again = await rerunOf(rerun.trialId);
    const claimed = await store.claimTrial({ ...again, workerId: 'worker', leaseSeconds: 15 });
    const { fingerprint, multipliers } = sampleModelPlan;
    expect(claimed?.specification).toMatchObject({ purpose: 'rerun', seed: 5, fingerprint, multipliers });
    expect(await store.getTrial(again.trialId)).toMatchObject({ rerunOf: rerun.trialId, multipliers });
    expect(await store.getModel(again.trialId)).toBeNull();
  });

  it('goes back to the queue when its process is lost, and fails with the last loss', async () => {
    const { store } = scratch();
    const { trialId } = await completedTrial();
    let job = await rerunOf(trialId);
    for (let loss = 1; loss < MOST_LOSSES; loss += 1) {
      await claim(store, job, -1);
      expect((await store.expireLeases()).requeued).toEqual([{ trialId: job.trialId, attempt: loss + 1 }]);
      job = { ...job, attempt: loss + 1 };
    }
    await claim(store, job, -1);
    expect((await store.expireLeases()).failed).toEqual([{ trialId: job.trialId }]);
    expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'failed', failure: { code: 'TRIAL_LOST' } });
  });
});

describe('a search', () => {
  it('is what it was while its trials are rerun: in state, progress, counts and results', async () => {
    const { store } = scratch();
    const { searchId, candidateId } = await createRanked(store);
    const { items } = (await store.listTrials(searchId, { limit: 10 })) ?? { items: [] };
    const trialId = items[0]?.id ?? '';
    const [view, outcome] = [await store.getSearch(searchId), await outcomeOf(store, searchId)];
    const open = [await rerunOf(trialId), await rerunOf(trialId)];
    await claim(store, open[0]);
    await complete(store, [await rerunOf(trialId)]);
    await store.createModel({ searchId, candidateId, seed: 5, plan: sampleModelPlan });
    expect(await store.getSearch(searchId)).toEqual(view);
    expect(await outcomeOf(store, searchId)).toEqual(outcome);
    expect(await store.searchesToAdvance()).toContainEqual({ searchId, state: 'running', undecided: false });
    expect((await store.listTrials(searchId, { limit: 10 }))?.items.map(({ purpose }) => purpose)).toEqual([
      'ranking',
      'rerun',
      'rerun',
      'rerun',
      'model',
    ]);
    await complete(store, (await store.beginTesting({ searchId, candidateId, seeds: [7] })) ?? []);
    expect(await store.endSearch({ searchId, state: 'completed', answer: null })).toBe(true);
    await complete(store, [await rerunOf(trialId)]);
    expect(await store.getSearch(searchId)).toMatchObject({
      state: 'completed',
      trials: { total: 1 },
      testTrials: { total: 1 },
      progress: { fraction: 1, secondsLeft: 0 },
    });
  });

  it('that is cancelled takes its open reruns and models with it, and can be looked into afterwards', async () => {
    const { store } = scratch();
    const { searchId, candidateId } = await createRanked(store);
    const trialId = (await store.listTrials(searchId, { limit: 1 }))?.items[0]?.id ?? '';
    const open = await rerunOf(trialId);
    const attempt = await claim(store, open);
    const model = await store.createModel({ searchId, candidateId, seed: 5, plan: sampleModelPlan });
    await store.cancelSearch(searchId);
    expect(await store.renewLease({ ...attempt, leaseSeconds: 15, step: 1 })).toBe('cancelled');
    expect(await store.getTrial(model?.trialId ?? '')).toMatchObject({ state: 'cancelled' });
    const later = await rerunOf(trialId);
    expect(await store.getTrial(later.trialId)).toMatchObject({ state: 'queued' });
    expect(await store.getSearch(searchId)).toMatchObject({ state: 'cancelled' });
    await complete(store, [later]);
  });
});

describe('cancelTrial', () => {
  it('ends a rerun that is queued or running, once', async () => {
    const { store } = scratch();
    const { trialId } = await completedTrial();
    const [queued, running] = [await rerunOf(trialId), await rerunOf(trialId)];
    const attempt = await claim(store, running);
    for (const { trialId: id } of [queued, running]) {
      expect(await store.cancelTrial(id)).toBe(true);
      expect(await store.cancelTrial(id)).toBe(false);
      expect(await store.getTrial(id)).toMatchObject({ state: 'cancelled' });
    }
    expect(await store.renewLease({ ...attempt, leaseSeconds: 15, step: 1 })).toBe('cancelled');
  });

  it('leaves the trials alone that a search consists of', async () => {
    const { store } = scratch();
    const { trials } = await createSample(store, 1, [7]);
    const trialId = trials[0]?.trialId ?? '';
    for (const id of [trialId, randomUUID(), 'none']) expect(await store.cancelTrial(id)).toBe(false);
    expect(await store.getTrial(trialId)).toMatchObject({ state: 'queued' });
  });
});
