import type { TrialFailure } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleEngine, sampleModelPlan, sampleNetwork, samplePlan, sampleRequest, sampleResult } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { candidatesOf, claim, createSample } from '../steps.ts';

const scratch = useScratchStore();

// Neither text nor jsonb of PostgreSQL holds a NUL or half of a surrogate pair.
const odd = 'a\0b\ud800c';
const repaired = 'a\uFFFDb\uFFFDc';

async function claimOne() {
  const { store } = scratch();
  const { searchId, trials } = await createSample(store, 1, [7]);
  const attempt = await claim(store, trials[0]);
  const read = () => store.getTrial(attempt.trialId);
  return { store, searchId, attempt, read };
}

function failure(code: TrialFailure['code']): TrialFailure {
  return { code, message: odd, step: 3 };
}

describe('text of a trial that PostgreSQL cannot hold is stored repaired', () => {
  it('in the message of a failure', async () => {
    const { store, attempt, read } = await claimOne();
    expect(await store.failTrial({ ...attempt, failure: failure('TRIAL_FAILED') })).toEqual({ state: 'failed' });
    expect(await read()).toMatchObject({
      state: 'failed',
      failure: { code: 'TRIAL_FAILED', message: repaired, step: 3 },
    });
  });

  it('in the message of the last loss', async () => {
    const { store, attempt, read } = await claimOne();
    let ended = await store.failTrial({ ...attempt, failure: failure('TRIAL_LOST') });
    while (ended.state === 'requeued') {
      const next = await claim(store, ended.job);
      ended = await store.failTrial({ ...next, failure: failure('TRIAL_LOST') });
    }
    expect(ended).toEqual({ state: 'failed' });
    expect(await read()).toMatchObject({ state: 'failed', failure: { code: 'TRIAL_LOST', message: repaired } });
  });

  it('in the engine and in the result', async () => {
    const { store, attempt, read } = await claimOne();
    expect(await store.recordStart({ ...attempt, engine: { ...sampleEngine, device: odd }, steps: 20 })).toBe(true);
    const result = { ...sampleResult(0.5), weightsHash: odd };
    expect(await store.completeTrial({ ...attempt, result })).toBe(true);
    expect(await read()).toMatchObject({
      state: 'completed',
      engine: { device: repaired },
      result: { weightsHash: repaired },
    });
  });

  it('in the notes of a plan', async () => {
    const { store } = scratch();
    const { searchId } = await store.createSearch({
      request: sampleRequest(),
      network: sampleNetwork,
      plan: { ...samplePlan(1), notes: [odd, 'café'] },
    });
    expect(await store.getSearch(searchId)).toMatchObject({ notes: [repaired, 'café'] });
  });

  it('in the class names of a model', async () => {
    const { store, searchId } = await claimOne();
    const [candidate] = await candidatesOf(store, searchId);
    const plan = { ...sampleModelPlan, classes: [odd, 'café'] };
    const job = await store.createModel({ searchId, candidateId: candidate?.candidateId ?? '', seed: 7, plan });
    const model = await store.getModel(job?.trialId ?? '');
    expect(model?.plan.classes).toEqual([repaired, 'café']);
  });
});
