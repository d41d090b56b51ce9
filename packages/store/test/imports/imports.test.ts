import type { Store } from '@compound-search/store';
import { describe, expect, it } from 'vitest';

import type { ImportedResult } from '../../src/imports/import-store.ts';
import { sampleDecision, sampleHalving, sampleNetwork, samplePlan, sampleRequest, sampleResult } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { candidatesOf, claim, complete, createSample } from '../steps.ts';

const scratch = useScratchStore();

const told = { ...sampleResult(0.75), imagesPerSecond: null, weightsHash: null };

function createExternal(candidates = 2): ReturnType<Store['createSearch']> {
  return scratch().store.createSearch({
    network: sampleNetwork,
    request: sampleRequest({ trainings: 'external' }),
    plan: samplePlan(candidates),
  });
}

/** A result of the candidate with this number. */
async function resultOf(
  searchId: string,
  candidate: number,
  changes: Partial<ImportedResult> = {},
): Promise<ImportedResult> {
  const { candidateId = '' } = (await candidatesOf(scratch().store, searchId))[candidate] ?? {};
  return { candidateId, purpose: 'ranking', seed: 7, seconds: null, outcome: { result: told }, ...changes };
}

describe('a search that is trained elsewhere', () => {
  it('gives nothing to workers, neither at its start nor later', async () => {
    const { store } = scratch();
    const { searchId, trials, search } = await createExternal();
    expect(trials).toEqual([]);
    expect(search.trials).toMatchObject({ total: 4, queued: 4 });
    expect(await store.trialsToEnqueue({ queuedSeconds: 0, limit: 100 })).toEqual([]);
    const [trial] = (await store.listTrials(searchId, { limit: 1 }))?.items ?? [];
    expect(trial).toMatchObject({ state: 'queued', origin: 'imported' });
    const job = { trialId: trial?.id ?? '', attempt: 1 };
    expect(await store.claimTrial({ ...job, workerId: 'worker', leaseSeconds: 60 })).toBeNull();
  });

  it('keeps none of the trials back that workers may take', async () => {
    const { store } = scratch();
    await createExternal(3);
    const { trials } = await createSample(store, 1, [1]);
    const next = await store.trialsToEnqueue({ queuedSeconds: 0, limit: 1 });
    expect(next.map(({ trialId }) => trialId)).toEqual(trials.map(({ trialId }) => trialId));
    await complete(store, trials);
  });

  it('goes on by imports: results rank, and the winner waits for its test', async () => {
    const { store } = scratch();
    const { searchId } = await createExternal(1);
    const results = [await resultOf(searchId, 0), await resultOf(searchId, 0, { seed: 3, seconds: 12.5 })];
    expect(await store.importResults({ searchId, results, unassigned: 'refuse' })).toEqual(['imported', 'imported']);
    expect(await store.getResults(searchId)).toMatchObject({
      importedTrials: 2,
      engines: [],
      candidates: [{ seeds: [3, 7], accuracies: [0.75, 0.75], trials: { completed: 2, queued: 0 } }],
    });
    const { items = [] } = (await store.listTrials(searchId, { limit: 10 })) ?? {};
    expect(items[0]).toMatchObject({ state: 'completed', origin: 'imported', result: told, step: 20, steps: 20 });
    const seconds = (Date.parse(items[1]?.endedAt ?? '') - Date.parse(items[1]?.startedAt ?? '')) / 1000;
    expect(seconds).toBe(12.5);

    const { candidateId } = results[0] ?? { candidateId: '' };
    expect(await store.beginTesting({ searchId, candidateId, seeds: [7] })).toEqual([]);
    const test = await resultOf(searchId, 0, {
      purpose: 'test',
      outcome: { result: { ...told, testAccuracy: 0.7 } },
    });
    expect(await store.importResults({ searchId, results: [test], unassigned: 'refuse' })).toEqual(['imported']);
    expect(await store.getSearch(searchId)).toMatchObject({
      importedTrials: 3,
      testTrials: { completed: 1, queued: 0 },
    });
  });

  it('waits for what its decisions assign', async () => {
    const { store } = scratch();
    const { searchId } = await store.createSearch({
      network: sampleNetwork,
      request: sampleRequest({
        trainings: 'external',
        strategy: { kind: 'racing', indifference: 0.002, confidence: 0.95, batch: 2, budget: {} },
      }),
      plan: samplePlan(1),
      opening: [sampleDecision(1, [{ fingerprint: 'fingerprint-0', seed: 7, epochs: null }])],
    });
    await store.importResults({ searchId, results: [await resultOf(searchId, 0)], unassigned: 'refuse' });
    const decision = sampleDecision(2, [{ fingerprint: 'fingerprint-0', seed: 3, epochs: null }]);
    expect(await store.takeDecision({ searchId, decision })).toEqual([]);
    expect((await store.listTrials(searchId, { limit: 10, state: 'queued' }))?.items).toMatchObject([
      { seed: 3, round: 2, origin: 'imported' },
    ]);
    expect((await store.getRound(searchId))?.assigned).toMatchObject([
      { seed: 7, state: 'completed', validationAccuracy: 0.75, seconds: 0 },
      { seed: 3, state: 'queued', validationAccuracy: null },
    ]);
  });

  it('counts the seconds that trainings elsewhere took', async () => {
    const { store } = scratch();
    const { searchId } = await store.createSearch({
      network: sampleNetwork,
      request: sampleRequest({
        trainings: 'external',
        strategy: { kind: 'racing', indifference: 0.002, confidence: 0.95, batch: 2, budget: {} },
      }),
      plan: samplePlan(1),
      opening: [sampleDecision(1, [{ fingerprint: 'fingerprint-0', seed: 7, epochs: null }])],
    });
    const results = [await resultOf(searchId, 0, { seconds: 90 })];
    await store.importResults({ searchId, results, unassigned: 'refuse' });
    expect((await store.getRound(searchId))?.assigned).toMatchObject([{ seconds: 90 }]);
  });
});

describe('importing results', () => {
  it('the same again changes nothing, and a result that tells less is the same', async () => {
    const { store } = scratch();
    const { searchId } = await createExternal(1);
    const results = [
      await resultOf(searchId, 0, { outcome: { result: { ...told, weightsHash: 'h' } } }),
      await resultOf(searchId, 0, {
        seed: 3,
        outcome: { failure: { code: 'TRIAL_DIVERGED', message: 'It diverged', step: 4 } },
      }),
    ];
    await store.importResults({ searchId, results, unassigned: 'refuse' });
    const before = await store.getSearch(searchId);
    expect(before?.trials).toMatchObject({ completed: 1, failed: 1 });
    expect(await store.importResults({ searchId, results, unassigned: 'refuse' })).toEqual(['repeated', 'repeated']);
    const less = { ...told, steps: null, validationLoss: null };
    expect(
      await store.importResults({
        searchId,
        results: [await resultOf(searchId, 0, { outcome: { result: less } })],
        unassigned: 'refuse',
      }),
    ).toEqual(['repeated']);
    expect(await store.getSearch(searchId)).toEqual(before);
    expect((await store.getResults(searchId))?.candidates[0]?.failedInTraining).toBe(1);
  });

  it('stores all of them or none', async () => {
    const { store } = scratch();
    const { searchId } = await createExternal(2);
    const first = await resultOf(searchId, 0);
    await store.importResults({ searchId, results: [first], unassigned: 'refuse' });
    const before = await store.getSearch(searchId);
    const other = { ...first, outcome: { result: { ...told, validationAccuracy: 0.5 } } };
    const failed = { ...first, outcome: { failure: { code: 'TRIAL_LOST', message: 'Lost', step: null } } } as const;
    for (const [refused, verdict] of [
      [other, 'other'],
      [failed, 'other'],
      [await resultOf(searchId, 1, { seed: 8 }), 'unassigned'],
      [await resultOf(searchId, 1, { purpose: 'test' }), 'unassigned'],
      [await resultOf(searchId, 5), 'unassigned'],
    ] as const) {
      const results = [await resultOf(searchId, 1), { ...refused, candidateId: refused.candidateId || searchId }];
      expect(await store.importResults({ searchId, results, unassigned: 'refuse' })).toEqual(['imported', verdict]);
      expect(await store.getSearch(searchId)).toEqual(before);
    }
  });

  it('leaves out what is not assigned where that is asked for', async () => {
    const { store } = scratch();
    const { searchId } = await createExternal(1);
    const results = [await resultOf(searchId, 0, { seed: 99 }), await resultOf(searchId, 0)];
    expect(await store.importResults({ searchId, results, unassigned: 'skip' })).toEqual(['unassigned', 'imported']);
    expect((await store.getSearch(searchId))?.trials.completed).toBe(1);
  });

  it('takes queued trials from the workers, and none that one of them has', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createSample(store, 1, [7, 3]);
    const held = await claim(store, trials[1]);
    const results = [await resultOf(searchId, 0)];
    expect(await store.importResults({ searchId, results, unassigned: 'refuse' })).toEqual(['imported']);
    expect((await store.getTrial(trials[0]?.trialId ?? ''))?.origin).toBe('imported');
    expect(
      await store.claimTrial({
        ...trials[0],
        attempt: 1,
        workerId: 'late',
        leaseSeconds: 60,
        trialId: trials[0]?.trialId ?? '',
      }),
    ).toBeNull();
    const taken = [await resultOf(searchId, 0, { seed: 3 })];
    expect(await store.importResults({ searchId, results: taken, unassigned: 'refuse' })).toEqual(['running']);
    await store.completeTrial({ ...held, result: sampleResult(0.5) });
    expect((await store.getTrial(trials[1]?.trialId ?? ''))?.origin).toBe('trained');
  });

  it('takes no result of trials that are to pause or that were cancelled', async () => {
    const { store } = scratch();
    const { searchId } = await store.createSearch({
      network: sampleNetwork,
      request: sampleRequest({ strategy: sampleHalving }),
      plan: samplePlan(1),
      opening: [sampleDecision(1, [{ fingerprint: 'fingerprint-0', seed: 7, epochs: 1 }])],
    });
    const results = [await resultOf(searchId, 0)];
    expect(await store.importResults({ searchId, results, unassigned: 'refuse' })).toEqual(['pauses']);
    await store.cancelSearch(searchId);
    expect(await store.importResults({ searchId, results, unassigned: 'refuse' })).toEqual(['cancelled']);
  });

  it('of the same results by several callers at once stores them once', async () => {
    const { store } = scratch();
    const { searchId } = await createExternal(2);
    const results = await Promise.all(
      [0, 1].flatMap((candidate) => [7, 3].map((seed) => resultOf(searchId, candidate, { seed }))),
    );
    const verdicts = await Promise.all(
      Array.from({ length: 6 }, (_, caller) =>
        store.importResults({
          searchId,
          results: caller % 2 === 0 ? results : results.toReversed(),
          unassigned: 'refuse',
        }),
      ),
    );
    expect(verdicts.flat().filter((verdict) => verdict === 'imported')).toHaveLength(4);
    expect(verdicts.flat().filter((verdict) => verdict === 'repeated')).toHaveLength(20);
    expect(await store.getSearch(searchId)).toMatchObject({ importedTrials: 4, trials: { completed: 4 } });
  });

  it('of trials that there are none takes no search that does not exist', async () => {
    const results = [await resultOf((await createExternal(1)).searchId, 0)];
    expect(await scratch().store.importResults({ searchId: 'none', results, unassigned: 'skip' })).toEqual([
      'unassigned',
    ]);
  });
});
