import { planSchema, searchViewSchema } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleEngine, sampleEpoch, samplePlan, sampleRequest, sampleResult } from './sample.ts';
import { useScratchStore } from './scratch-store.ts';

const scratch = useScratchStore();

describe('createSearch', () => {
  it('stores the request, the plan and one queued trial per candidate and seed', async () => {
    const { store } = scratch();
    const request = sampleRequest();
    const plan = samplePlan(3);
    const { searchId, trials } = await store.createSearch({ request, plan });
    const view = searchViewSchema.parse(await store.getSearch(searchId));
    expect(view).toMatchObject({
      id: searchId,
      state: 'running',
      request,
      points: 1_000_000_007,
      feasiblePoints: 6,
      candidates: 3,
      trials: { total: 6, queued: 6, running: 0, completed: 0, failed: 0, cancelled: 0 },
      testTrials: { total: 0 },
      progress: { fraction: 0, secondsLeft: null },
      notes: plan.notes,
      endedAt: null,
    });
    expect(trials).toHaveLength(6);
    const outcome = await store.getOutcome(searchId);
    expect(planSchema.shape.candidates.parse(outcome?.candidates.map(({ candidate }) => candidate))).toEqual(
      plan.candidates,
    );
    expect(outcome?.baseline).toEqual(plan.baseline);
    expect(outcome?.candidates.map((one) => one.trials.map(({ seed }) => seed))).toEqual([
      [7, 3],
      [7, 3],
      [7, 3],
    ]);
  });

  it('runs a trial from claim to result', async () => {
    const { store } = scratch();
    const plan = samplePlan(1);
    const request = sampleRequest({ seeds: [5] });
    const { searchId, trials } = await store.createSearch({ request, plan });
    const [job] = trials;
    if (job === undefined) throw new Error('No trial');
    const claimed = await store.claimTrial({ ...job, workerId: 'worker', leaseSeconds: 15 });
    if (claimed === null) throw new Error('Not claimed');
    expect(claimed.specification).toEqual({
      trialId: job.trialId,
      attempt: 1,
      purpose: 'ranking',
      baseline: request.baseline,
      multipliers: plan.candidates[0]?.multipliers,
      fingerprint: 'fingerprint-0',
      dataset: request.dataset,
      split: request.split,
      recipe: request.recipe,
      seed: 5,
      device: 'cpu',
    });
    const attempt = { trialId: job.trialId, token: claimed.token };
    expect(await store.recordStart({ ...attempt, engine: sampleEngine, steps: 20 })).toBe(true);
    expect(await store.recordEpoch({ ...attempt, epoch: sampleEpoch(1) })).toBe(true);
    expect(await store.renewLease({ ...attempt, leaseSeconds: 15, step: 12 })).toBe('held');
    expect(await store.completeTrial({ ...attempt, result: sampleResult(0.9) })).toBe(true);
    const detail = await store.getTrial(job.trialId);
    expect(detail).toMatchObject({ state: 'completed', step: 20, steps: 20, learningCurve: [sampleEpoch(1)] });
    const advance = (await store.searchesToAdvance()).find((one) => one.searchId === searchId);
    expect(advance).toEqual({ searchId, state: 'running' });
    const candidateId = detail?.candidateId ?? '';
    const testing = await store.beginTesting({ searchId, candidateId, seeds: [5] });
    expect(testing).toHaveLength(1);
    expect(await store.endSearch({ searchId, state: 'completed' })).toBe(false);
  });
});
