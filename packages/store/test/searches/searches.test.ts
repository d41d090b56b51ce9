import { candidateSchema, searchViewSchema, type TrialJob } from '@compound-search/contracts';
import { createStore, type Store } from '@compound-search/store';
import fc from 'fast-check';
import { Client } from 'pg';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { outcomeOf } from '../outcome.ts';
import { sampleCandidate, sampleEngine, sampleNetwork, samplePlan, sampleRequest, sampleResult } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { candidatesOf, claim, createSample } from '../steps.ts';

const scratch = useScratchStore();

function createSearch(candidates: number, seeds = [7, 3]) {
  return createSample(scratch().store, candidates, seeds);
}

/** Statements that an operation sends to PostgreSQL. */
async function countStatements(operation: () => Promise<unknown>): Promise<number> {
  const query = vi.spyOn(Client.prototype, 'query');
  try {
    await operation();
    return query.mock.calls.length;
  } finally {
    query.mockRestore();
  }
}

describe('createSearch', () => {
  it('stores the request, the plan and one queued trial per candidate and seed', async () => {
    const { store } = scratch();
    const request = sampleRequest();
    const plan = samplePlan(3);
    const { searchId, trials } = await store.createSearch({ network: sampleNetwork, request, plan });
    expect(searchViewSchema.parse(await store.getSearch(searchId))).toMatchObject({
      id: searchId,
      state: 'running',
      request,
      points: 1_000_000_007,
      feasiblePoints: 6,
      candidates: 3,
      trials: { total: 6, queued: 6, running: 0, completed: 0, failed: 0, cancelled: 0, paused: 0 },
      testTrials: { total: 0 },
      progress: { fraction: 0, secondsLeft: null },
      notes: plan.notes,
      endedAt: null,
    });
    expect(trials).toHaveLength(6);
    const outcome = await outcomeOf(store, searchId);
    expect(outcome.candidates.map(({ candidate }) => candidate)).toEqual(plan.candidates);
    expect(outcome.baseline).toEqual(plan.baseline);
    expect(outcome.request).toEqual(request);
    expect(outcome.candidates.map((one) => one.trials.map(({ seed }) => seed))).toEqual([
      [7, 3],
      [7, 3],
      [7, 3],
    ]);
  });

  it('queues the trials seed by seed, so that every candidate has a result before any has two', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createSearch(3);
    const page = await store.listTrials(searchId, { limit: 100 });
    expect(page?.items.map(({ id }) => id)).toEqual(trials.map(({ trialId }) => trialId));
    expect(page?.items.map(({ seed }) => seed)).toEqual([7, 7, 7, 3, 3, 3]);
    expect(page?.items.map(({ multipliers }) => multipliers.depth)).toEqual([1.2, 2.2, 3.2, 1.2, 2.2, 3.2]);
  });

  it('gives back every number of a candidate to the last bit', async () => {
    const positive = fc.double({ min: 0, minExcluded: true, noNaN: true, noDefaultInfinity: true });
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    const count = fc.maxSafeNat();
    const candidates = fc.record({
      multipliers: fc.record({ depth: positive, width: positive, resolution: positive }),
      parameters: count,
      macs: count,
      macsRatio: finite,
      activations: count,
      points: fc.array(fc.record({ alpha: finite, beta: finite, gamma: finite, product: finite }), { minLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(candidates, async (changes) => {
        const candidate = candidateSchema.parse({ ...sampleCandidate(0), ...changes });
        const { searchId } = await scratch().store.createSearch({
          network: sampleNetwork,
          request: sampleRequest(),
          plan: { ...samplePlan(0), candidates: [candidate] },
        });
        expect((await candidatesOf(scratch().store, searchId))[0]?.candidate).toEqual(candidate);
      }),
      { numRuns: 40 },
    );
  });

  it('stores nothing and names no jobs when a part of it cannot be stored', async () => {
    const { store } = scratch();
    const before = await store.listSearches({ limit: 1 });
    const queued = await store.trialsToEnqueue({ queuedSeconds: 0, limit: 10_000 });
    const twice = { ...samplePlan(0), candidates: [sampleCandidate(1), sampleCandidate(1)] };
    await expect(
      store.createSearch({ network: sampleNetwork, request: sampleRequest(), plan: twice }),
    ).rejects.toThrow();
    expect(await store.listSearches({ limit: 1 })).toEqual(before);
    expect(await store.trialsToEnqueue({ queuedSeconds: 0, limit: 10_000 })).toEqual(queued);
  });

  it('needs as many statements for a thousand candidates with many points as for one', async () => {
    const points = Array.from({ length: 20 }, (_, index) => ({ alpha: 1 + index, beta: 1, gamma: 1, product: 2 }));
    const large = {
      ...samplePlan(0),
      candidates: Array.from({ length: 1_000 }, (_, index) => ({ ...sampleCandidate(index), points })),
    };
    const create = (plan: typeof large) => () =>
      scratch().store.createSearch({ network: sampleNetwork, request: sampleRequest(), plan });
    const one = await countStatements(create(samplePlan(1)));
    expect(one).toBeGreaterThan(0);
    expect(await countStatements(create(large))).toBe(one);
  });
});

describe('listSearches', () => {
  it('shows every search once, newest first, over any size of page', async () => {
    const { store } = scratch();
    const created: string[] = [];
    for (let index = 0; index < 5; index += 1) created.unshift((await createSearch(1, [index])).searchId);
    const listed: string[] = [];
    let cursor: string | undefined;
    while (listed.length < created.length) {
      const page = await store.listSearches({ limit: 2, cursor });
      expect(page.items.length).toBe(2);
      listed.push(...page.items.map(({ id }) => id));
      cursor = page.next ?? undefined;
    }
    expect(listed.slice(0, 5)).toEqual(created);
  });

  it('ends with a page that has no next', async () => {
    const { store } = scratch();
    await createSearch(1);
    const all = await store.listSearches({ limit: 1_000 });
    expect(all.next).toBeNull();
    const exact = await store.listSearches({ limit: all.items.length });
    expect(exact.next).toBeNull();
    expect(exact.items).toEqual(all.items);
  });

  it.each(['', 'abc', '-1', '1.5', '9999999999999999999', '1; drop table search'])(
    'refuses the cursor "%s" and says where a cursor comes from',
    async (cursor) => {
      await expect(scratch().store.listSearches({ limit: 10, cursor })).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
        field: 'cursor',
        value: cursor,
      });
    },
  );

  it('needs as many statements for many searches with many trials as for one', async () => {
    const { store } = scratch();
    for (let index = 0; index < 3; index += 1) await createSearch(30);
    const small = await countStatements(() => store.listSearches({ limit: 1 }));
    expect(await countStatements(() => store.listSearches({ limit: 100 }))).toBe(small);
  });
});

describe('getResults', () => {
  it('needs as many statements for hundreds of trials as for two', async () => {
    const { store } = scratch();
    const small = await createSearch(1);
    const large = await createSearch(200);
    const statements = await countStatements(() => store.getResults(small.searchId));
    expect(await countStatements(() => store.getResults(large.searchId))).toBe(statements);
  });

  it('has another version of the results with each result and each training that failed, and with nothing else', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createSearch(2, [7, 8, 9]);
    const [first, second, third, fourth] = trials as [TrialJob, TrialJob, TrialJob, TrialJob];
    const versions = [(await store.getResults(searchId))?.resultsVersion];
    const isNew = async (): Promise<boolean> => {
      versions.push((await store.getResults(searchId))?.resultsVersion);
      return versions.at(-1) !== versions.at(-2) && new Set(versions).size > 1;
    };
    const attempt = await claim(store, first);
    expect(await isNew()).toBe(false);
    await store.completeTrial({ ...attempt, result: sampleResult(0.75) });
    expect(await isNew()).toBe(true);
    await store.failTrial({
      ...(await claim(store, second)),
      failure: { code: 'TRIAL_DIVERGED', message: 'No.', step: null },
    });
    expect(await isNew()).toBe(true);
    await store.failTrial({
      ...(await claim(store, third)),
      failure: { code: 'DATASET_INVALID', message: 'No.', step: null },
    });
    expect(await isNew()).toBe(false);
    // The same accuracy of another seed is another result.
    await store.completeTrial({ ...(await claim(store, fourth)), result: sampleResult(0.75) });
    expect(await isNew()).toBe(true);
  });

  it('sees at once what another process has stored, also where it has read the search before', async () => {
    const { store, databaseUrl } = scratch();
    const other = createStore({ databaseUrl });
    onTestFinished(() => other.close());
    const { searchId, trials } = await createSearch(3, [7, 8]);
    const accuraciesIn = async (reader: Store) =>
      (await reader.getResults(searchId))?.candidates.map(({ seeds, accuracies }) => ({ seeds, accuracies }));
    for (const job of trials) {
      const before = await accuraciesIn(store);
      await other.completeTrial({ ...(await claim(other, job)), result: sampleResult(0.6) });
      const after = await accuraciesIn(store);
      expect(after).not.toEqual(before);
      expect(after).toEqual(await accuraciesIn(other));
    }
  });

  it('shows each trial with its candidate, its result or the reason why there is none', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createSearch(2, [7]);
    const [first, second] = trials as [TrialJob, TrialJob];
    const attempt = await claim(store, first);
    await store.recordStart({ ...attempt, engine: sampleEngine, steps: 20 });
    await store.completeTrial({ ...attempt, result: sampleResult(0.75) });
    const failure = { code: 'TRIAL_DIVERGED', message: 'The loss is not finite.', step: 12 } as const;
    await store.failTrial({ ...(await claim(store, second)), failure });
    const outcome = await outcomeOf(store, searchId);
    expect(outcome.candidates.map((candidate) => candidate.trials)).toEqual([
      [
        {
          trialId: first.trialId,
          seed: 7,
          state: 'completed',
          engine: sampleEngine,
          result: sampleResult(0.75),
          failure: null,
        },
      ],
      [{ trialId: second.trialId, seed: 7, state: 'failed', engine: null, result: null, failure }],
    ]);
    expect(outcome).toMatchObject({ winnerCandidateId: null, testTrials: [] });
  });
});
