import { randomUUID } from 'node:crypto';

import {
  type Decision,
  type SearchRequest,
  strategySchema,
  type TrialDetail,
  type TrialJob,
} from '@compound-search/contracts';
import type { Attempt } from '@compound-search/store';
import { describe, expect, it } from 'vitest';

import { sampleEngine, sampleEpoch, sampleNetwork, samplePlan, sampleRequest, sampleResult } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { candidatesOf, claim } from '../steps.ts';

const scratch = useScratchStore();

/** A recipe of the calling test's own, so that tests find no trials of each other. */
function ownRecipe(): SearchRequest['recipe'] {
  return { ...sampleRequest().recipe, learningRate: 0.001 + Math.random() / 1000 };
}

interface Posted {
  readonly searchId: string;
  readonly job: TrialJob;
}

/** Assigns the one trial of a search, to the end or until so many epochs. */
function opening(epochs: number | null): Decision {
  return {
    round: 1,
    assignments: [{ fingerprint: 'fingerprint-0', seed: 7, epochs }],
    drops: [],
    stop: null,
    evidence: { leader: null, probabilityBest: null, probabilityIndifferent: null },
  };
}

const halving = strategySchema.parse({ kind: 'halving' });

/** A search of one candidate and one seed, whose trial pauses after so many epochs where any are given. */
async function post(request: Partial<SearchRequest>, network = sampleNetwork, epochs?: number): Promise<Posted> {
  const { searchId, trials } = await scratch().store.createSearch({
    request: sampleRequest({ seeds: [7], ...(epochs === undefined ? {} : { strategy: halving }), ...request }),
    network,
    plan: samplePlan(1),
    ...(epochs === undefined ? {} : { opening: [opening(epochs)] }),
  });
  const [job] = trials;
  if (job === undefined) throw new Error('A search of one candidate and seed has one trial');
  return { searchId, job };
}

async function start(job: TrialJob): Promise<Attempt> {
  const attempt = await claim(scratch().store, job);
  await scratch().store.recordStart({ ...attempt, engine: sampleEngine, steps: 20 });
  return attempt;
}

/** Trains the only trial of a search, through two epochs, to this accuracy. */
async function train({ job }: Posted, accuracy = 0.8): Promise<TrialDetail> {
  const { store } = scratch();
  const attempt = await start(job);
  for (const epoch of [1, 2]) await store.recordEpoch({ ...attempt, epoch: sampleEpoch(epoch) });
  await store.completeTrial({ ...attempt, result: sampleResult(accuracy) });
  return detailOf(job);
}

async function detailOf({ trialId }: Pick<TrialJob, 'trialId'>): Promise<TrialDetail> {
  const detail = await scratch().store.getTrial(trialId);
  if (detail === null) throw new Error('The trial is gone');
  return detail;
}

async function takeOver({ job }: Posted, engine = sampleEngine): Promise<string | null> {
  return scratch().store.takeOverTrial({ ...(await claim(scratch().store, job)), engine });
}

describe('takeOverTrial', () => {
  it('ends a trial as the equal one of another search ended, with its learning curve and engine', async () => {
    const recipe = ownRecipe();
    const original = await train(await post({ recipe }));
    const posted = await post({ recipe, name: 'Another name', dataset: 'the same images by another name' });

    expect(await takeOver(posted)).toBe(original.id);

    const { state, engine, result, step, steps, learningCurve } = original;
    const taken = await detailOf(posted.job);
    expect(taken).toMatchObject({ state, engine, result, step, steps, learningCurve, takenOverFrom: original.id });
    expect(original).toMatchObject({ state: 'completed', takenOverFrom: null });
    expect(learningCurve).toHaveLength(2);
    expect(taken.endedAt).not.toBeNull();
  });

  it('counts in the search as any other end, and as a takeover', async () => {
    const { store } = scratch();
    const recipe = ownRecipe();
    const trained = await post({ recipe });
    await train(trained, 0.75);
    const posted = await post({ recipe });
    await takeOver(posted);

    expect(await store.getSearch(trained.searchId)).toMatchObject({ takenOverTrials: 0 });
    expect(await store.getSearch(posted.searchId)).toMatchObject({
      takenOverTrials: 1,
      trials: { total: 1, completed: 1, running: 0 },
    });
    expect(await store.getResults(posted.searchId)).toMatchObject({
      takenOverTrials: 1,
      engines: [{ engine: sampleEngine, trials: 1 }],
      candidates: [{ seeds: [7], accuracies: [0.75] }],
    });
    expect(await store.searchesToAdvance()).toContainEqual({
      searchId: posted.searchId,
      state: 'running',
      undecided: false,
    });
  });

  it('gives the same answer to a holder that asks again, and none to anybody else', async () => {
    const { store } = scratch();
    const recipe = ownRecipe();
    const original = await train(await post({ recipe }));
    const posted = await post({ recipe });
    const attempt = await claim(store, posted.job);
    const forged = { trialId: attempt.trialId, token: randomUUID() };

    expect(await store.takeOverTrial({ ...forged, engine: sampleEngine })).toBeNull();
    expect(await store.takeOverTrial({ ...attempt, engine: sampleEngine })).toBe(original.id);
    expect(await store.takeOverTrial({ ...attempt, engine: sampleEngine })).toBe(original.id);
    expect(await store.takeOverTrial({ ...forged, engine: sampleEngine })).toBeNull();
    expect(await store.takeOverTrial({ trialId: 'x', token: 'y', engine: sampleEngine })).toBeNull();
    expect(await store.getSearch(posted.searchId)).toMatchObject({ takenOverTrials: 1 });
  });

  it('lets nothing of the attempt be written after it', async () => {
    const { store } = scratch();
    const recipe = ownRecipe();
    await train(await post({ recipe }), 0.8);
    const attempt = await start((await post({ recipe })).job);
    await store.takeOverTrial({ ...attempt, engine: sampleEngine });

    expect(await store.recordEpoch({ ...attempt, epoch: sampleEpoch(3) })).toBe(false);
    expect(await store.completeTrial({ ...attempt, result: sampleResult(0.1) })).toBe(false);
    expect((await detailOf(attempt)).result).toEqual(sampleResult(0.8));
  });

  it('takes over a training that failed by itself, which would fail again, and none that was lost', async () => {
    const { store } = scratch();
    const recipe = ownRecipe();
    const failed = await post({ recipe, seeds: [1] });
    const diverged = { code: 'TRIAL_DIVERGED', message: 'The loss is not finite', step: 9 } as const;
    await store.failTrial({ ...(await start(failed.job)), failure: diverged });
    const broken = await post({ recipe, seeds: [2] });
    const missing = { code: 'DEVICE_UNAVAILABLE', message: 'There is no GPU', step: null } as const;
    await store.failTrial({ ...(await start(broken.job)), failure: missing });

    const repeated = await post({ recipe, seeds: [1] });
    expect(await takeOver(repeated)).toBe(failed.job.trialId);
    expect(await detailOf(repeated.job)).toMatchObject({ state: 'failed', failure: diverged, result: null });
    expect((await candidatesOf(store, repeated.searchId))[0]?.trials).toMatchObject([{ state: 'failed' }]);
    expect(await takeOver(await post({ recipe, seeds: [2] }))).toBeNull();
  });

  it('always takes from the trial that was trained, not from one that took over itself', async () => {
    const recipe = ownRecipe();
    const original = await train(await post({ recipe }));
    for (let repetition = 0; repetition < 3; repetition += 1) {
      expect(await takeOver(await post({ recipe }))).toBe(original.id);
    }
  });

  it.each<[string, Partial<SearchRequest>]>([
    ['seed', { seeds: [8] }],
    ['split', { split: { ...sampleRequest().split, seed: 1 } }],
    ['device', { device: 'gpu' }],
  ])('takes nothing over from a trial with another %s', async (_, change) => {
    const recipe = ownRecipe();
    await train(await post({ recipe }));
    expect(await takeOver(await post({ recipe, ...change }))).toBeNull();
  });

  it('takes nothing over from another recipe, network, baseline or engine', async () => {
    const { store } = scratch();
    const recipe = ownRecipe();
    await train(await post({ recipe }));
    expect(await takeOver(await post({ recipe: { ...recipe, epochs: recipe.epochs + 1 } }))).toBeNull();
    expect(await takeOver(await post({ recipe }, { ...sampleNetwork, classes: 11 }))).toBeNull();
    expect(await takeOver(await post({ recipe }), { ...sampleEngine, fingerprint: 'f'.repeat(64) })).toBeNull();
    const { trials } = await store.createSearch({
      request: sampleRequest({ recipe, seeds: [7] }),
      network: sampleNetwork,
      plan: { ...samplePlan(2), candidates: samplePlan(2).candidates.slice(1) },
    });
    expect(await store.takeOverTrial({ ...(await claim(store, trials[0])), engine: sampleEngine })).toBeNull();
  });

  it('takes nothing over for a search that is not to reuse trials, which gives its own away all the same', async () => {
    const recipe = ownRecipe();
    const first = await train(await post({ recipe, reuse: false }));
    expect(await takeOver(await post({ recipe, reuse: false }))).toBeNull();
    expect(await takeOver(await post({ recipe }))).toBe(first.id);
  });

  it('leaves reruns and tests to be trained', async () => {
    const { store } = scratch();
    const posted = await post({ recipe: ownRecipe() });
    const original = await train(posted);
    const rerun = await store.createRerun(original.id);
    const [candidate] = await candidatesOf(store, posted.searchId);
    const tests = await store.beginTesting({
      searchId: posted.searchId,
      candidateId: candidate?.candidateId ?? '',
      seeds: [7],
    });
    for (const job of [rerun?.job, tests?.[0]]) {
      const attempt = await claim(store, job);
      expect(await store.takeOverTrial({ ...attempt, engine: sampleEngine })).toBeNull();
      expect(await detailOf(attempt)).toMatchObject({ state: 'running', takenOverFrom: null });
    }
  });

  it('pauses a trial at the epoch that it is assigned, and ends it as the other once it is promoted', async () => {
    const { store } = scratch();
    const recipe = ownRecipe();
    const original = await train(await post({ recipe }), 0.7);
    const posted = await post({ recipe }, sampleNetwork, 1);

    expect(await takeOver(posted)).toBe(original.id);
    expect(await detailOf(posted.job)).toMatchObject({
      state: 'paused',
      result: null,
      step: 10,
      steps: 20,
      takenOverFrom: original.id,
      learningCurve: original.learningCurve.slice(0, 1),
    });

    const decision = { ...opening(null), round: 2, stop: 'exhausted' as const };
    const [promoted] = (await store.takeDecision({ searchId: posted.searchId, decision })) ?? [];
    if (promoted === undefined) throw new Error('A paused trial is queued again');
    expect(await detailOf(promoted)).toMatchObject({ state: 'queued', takenOverFrom: null });
    expect(await store.getSearch(posted.searchId)).toMatchObject({ takenOverTrials: 0 });
    expect(await takeOver({ ...posted, job: promoted })).toBe(original.id);
    expect(await detailOf(promoted)).toMatchObject({ state: 'completed', learningCurve: original.learningCurve });
    expect(await store.getSearch(posted.searchId)).toMatchObject({ takenOverTrials: 1 });
  });

  it('takes over from a paused trial what that has come to, and no more', async () => {
    const { store } = scratch();
    const recipe = ownRecipe();
    const halted = await post({ recipe }, sampleNetwork, 1);
    const attempt = await start(halted.job);
    await store.recordEpoch({ ...attempt, epoch: sampleEpoch(1) });
    expect(await store.pauseTrial(attempt)).toBe(true);

    expect(await takeOver(await post({ recipe }, sampleNetwork, 1))).toBe(halted.job.trialId);
    expect(await takeOver(await post({ recipe }, sampleNetwork, 2))).toBeNull();
    expect(await takeOver(await post({ recipe }))).toBeNull();
  });

  it('takes over a training that failed after the epoch that a trial is assigned only as far as that', async () => {
    const { store } = scratch();
    const recipe = ownRecipe();
    const attempt = await start((await post({ recipe })).job);
    await store.recordEpoch({ ...attempt, epoch: sampleEpoch(1) });
    const diverged = { code: 'TRIAL_DIVERGED', message: 'The loss is not finite', step: 15 } as const;
    await store.failTrial({ ...attempt, failure: diverged });

    const [first, second] = [await post({ recipe }, sampleNetwork, 1), await post({ recipe }, sampleNetwork, 2)];
    for (const posted of [first, second]) expect(await takeOver(posted)).toBe(attempt.trialId);
    expect(await detailOf(first.job)).toMatchObject({ state: 'paused', failure: null });
    expect(await detailOf(second.job)).toMatchObject({ state: 'failed', failure: diverged });
  });
});
