import type { Assignment, TrialJob } from '@compound-search/contracts';
import type { Attempt, Store } from '@compound-search/store';
import { describe, expect, it } from 'vitest';

import {
  sampleDecision as decision,
  sampleEpoch,
  sampleHalving,
  sampleNetwork,
  samplePlan,
  sampleRequest,
  sampleResult,
} from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { claim } from '../steps.ts';

const scratch = useScratchStore();

/** The first seed of the sample, of the candidate with this number, until so many epochs. */
function assign(candidate: number, epochs: number | null = null, seed = 7): Assignment {
  return { fingerprint: `fingerprint-${candidate}`, seed, epochs };
}

/** A search of two candidates that opens with a rung of one epoch each. */
function createHalving(): ReturnType<Store['createSearch']> {
  return scratch().store.createSearch({
    network: sampleNetwork,
    request: sampleRequest({ strategy: sampleHalving }),
    plan: samplePlan(2),
    opening: [decision(1, [assign(0, 1), assign(1, 1)])],
  });
}

/** Trains a trial for so many epochs, and leaves the attempt open. */
async function trainEpochs(job: TrialJob | undefined, epochs: number): Promise<Attempt> {
  const { store } = scratch();
  const attempt = await claim(store, job);
  for (let epoch = 1; epoch <= epochs; epoch += 1) await store.recordEpoch({ ...attempt, epoch: sampleEpoch(epoch) });
  return attempt;
}

async function pauseAll(trials: readonly TrialJob[]): Promise<void> {
  for (const job of trials) expect(await scratch().store.pauseTrial(await trainEpochs(job, 1))).toBe(true);
}

describe('a search that is decided by rounds', () => {
  it('begins with its opening decisions, whose trials are queued in their order', async () => {
    const { store } = scratch();
    const { searchId, trials, search } = await createHalving();
    expect(search).toMatchObject({ round: 1, stop: null, trials: { total: 2, queued: 2, paused: 0 } });
    expect(await store.listDecisions(searchId, { limit: 10 })).toMatchObject({
      items: [decision(1, [assign(0, 1), assign(1, 1)])],
      next: null,
    });
    expect((await store.getTrial(trials[0]?.trialId ?? ''))?.epochs).toBe(1);
  });

  it('expects of halving one trial for each candidate, and one test of the winner, whatever seeds stand by', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createHalving();
    await pauseAll(trials.slice(0, 1));
    expect((await store.getSearch(searchId))?.progress).toEqual({ fraction: 1 / 3, secondsLeft: null });
  });

  it('is moved on when the rounds before its last one have ended, and not tested before a decision has stopped it', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createHalving();
    const dueForDecision = { searchId, state: 'running', undecided: true };
    // Nothing comes before round 1.
    expect(await store.searchesToAdvance()).toContainEqual(dueForDecision);
    await store.takeDecision({ searchId, decision: decision(2, []) });
    expect(await store.searchesToAdvance()).not.toContainEqual(dueForDecision);
    await pauseAll(trials);
    expect(await store.searchesToAdvance()).toContainEqual(dueForDecision);
    const candidateId = (await store.getTrial(trials[0]?.trialId ?? ''))?.candidateId ?? '';
    expect(await store.beginTesting({ searchId, candidateId, seeds: [7] })).toBeNull();
    await store.takeDecision({ searchId, decision: decision(3, [], { stop: 'exhausted' }) });
    expect(await store.searchesToAdvance()).toContainEqual({ searchId, state: 'running', undecided: false });
    expect(await store.getSearch(searchId)).toMatchObject({ round: 3, stop: 'exhausted', trials: { paused: 2 } });
    expect(await store.beginTesting({ searchId, candidateId, seeds: [7] })).toHaveLength(1);
  });

  it('takes each decision once, however many services make it, and none out of turn', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createHalving();
    await pauseAll(trials);
    const next = decision(2, [assign(1, 3), assign(0, null, 3)]);
    expect(await store.takeDecision({ searchId, decision: { ...next, round: 3 } })).toBeNull();
    const taken = await Promise.all(Array.from({ length: 4 }, () => store.takeDecision({ searchId, decision: next })));
    const [jobs, ...others] = taken.filter((one) => one !== null);
    expect(others).toEqual([]);
    // The promoted trial goes on with its next attempt; the new one begins.
    expect(jobs).toEqual([
      { trialId: trials[1]?.trialId, attempt: 2 },
      { trialId: expect.any(String) as string, attempt: 1 },
    ]);
    expect((await store.getSearch(searchId))?.trials).toMatchObject({ total: 3, queued: 2, paused: 1 });
    expect((await store.listDecisions(searchId, { limit: 1, cursor: '1' }))?.items).toMatchObject([next]);
    expect(await store.listDecisions(searchId, { limit: 1, cursor: '51900642680' })).toEqual({ items: [], next: null });
  });

  it('is given no decision once it was cancelled, and its paused trials stay paused', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createHalving();
    await pauseAll(trials.slice(0, 1));
    await store.cancelSearch(searchId);
    expect(await store.takeDecision({ searchId, decision: decision(2, [assign(0, 3)]) })).toBeNull();
    expect((await store.getSearch(searchId))?.trials).toMatchObject({ paused: 1, cancelled: 1, queued: 0 });
    expect(await store.searchesToAdvance()).not.toContainEqual(expect.objectContaining({ searchId }));
  });

  it('tells what became of everything that was assigned, at the epochs that each was assigned', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createHalving();
    await pauseAll(trials.slice(0, 1));
    const [promoted] = (await store.takeDecision({ searchId, decision: decision(2, [assign(0)]) })) ?? [];
    const failed = await trainEpochs(trials[1], 0);
    await store.failTrial({ ...failed, failure: { code: 'TRIAL_DIVERGED', message: 'The loss is NaN', step: 1 } });
    const attempt = await trainEpochs(promoted, 2);
    const assigned = async () => (await store.getRound(searchId))?.assigned;
    const first = {
      round: 1,
      fingerprint: 'fingerprint-0',
      seed: 7,
      epochs: 1,
      isPromoted: true,
      failedBy: null,
      validationAccuracy: sampleEpoch(1).validationAccuracy,
      seconds: 1.5,
    };
    const lost = { round: 1, fingerprint: 'fingerprint-1', epochs: 1, state: 'failed', failedBy: 'training' };
    const second = { ...first, round: 2, epochs: null, isPromoted: false, seconds: 3 };
    expect(await assigned()).toMatchObject([
      { ...first, state: 'running' },
      lost,
      { ...second, state: 'running', validationAccuracy: null },
    ]);
    await store.completeTrial({ ...attempt, result: sampleResult(0.75) });
    expect(await assigned()).toMatchObject([
      { ...first, state: 'completed' },
      lost,
      { ...second, state: 'completed', validationAccuracy: 0.75 },
    ]);
  });
});

describe('a trial that pauses', () => {
  it('has trained the epochs that it was assigned, by the attempt that says so, and may say so again', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createHalving();
    const attempt = await claim(store, trials[0]);
    expect(await store.pauseTrial(attempt)).toBe(false);
    await store.recordEpoch({ ...attempt, epoch: sampleEpoch(1) });
    expect(await store.pauseTrial({ ...attempt, token: crypto.randomUUID() })).toBe(false);
    expect(await store.pauseTrial(attempt)).toBe(true);
    expect(await store.pauseTrial(attempt)).toBe(true);
    expect(await store.recordEpoch({ ...attempt, epoch: sampleEpoch(2) })).toBe(false);
    await store.takeDecision({ searchId, decision: decision(2, [assign(0, 3)]) });
    expect(await store.pauseTrial(attempt)).toBe(true);
    expect(await store.getTrial(trials[0]?.trialId ?? '')).toMatchObject({ state: 'queued', attempt: 2 });
  });

  it('shows its epochs while it waits to go on, and once when the next attempt repeats them', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createHalving();
    await pauseAll(trials);
    const [job] = (await store.takeDecision({ searchId, decision: decision(2, [assign(1, 3)]) })) ?? [];
    const curve = async () => (await store.getTrial(trials[1]?.trialId ?? ''))?.learningCurve;
    expect(await curve()).toEqual([sampleEpoch(1)]);
    const claimed = await store.claimTrial({
      trialId: '',
      attempt: 0,
      ...job,
      workerId: 'worker',
      leaseSeconds: 15,
    });
    expect(claimed?.specification).toMatchObject({ epochs: 3, attempt: 2 });
    const attempt = { trialId: job?.trialId ?? '', token: claimed?.token ?? '' };
    for (const epoch of [1, 2]) await store.recordEpoch({ ...attempt, epoch: sampleEpoch(epoch) });
    expect(await curve()).toEqual([sampleEpoch(1), sampleEpoch(2)]);
  });
});
