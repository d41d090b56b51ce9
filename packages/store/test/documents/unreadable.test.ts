import type { NetworkDocument, TrialJob } from '@compound-search/contracts';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';

import { outcomeOf } from '../outcome.ts';
import {
  sampleCandidate,
  sampleEngine,
  sampleModelPlan,
  sampleNetwork,
  samplePlan,
  sampleRequest,
  sampleResult,
} from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { claim, complete, createRanked, createSample } from '../steps.ts';

const scratch = useScratchStore();

const unreadable = { code: 'RECORD_UNREADABLE', status: 500 };

/** Changes rows behind the store's back, as another version of the service would. */
async function sql(statement: string, ...values: string[]): Promise<void> {
  const client = new Client({ connectionString: scratch().databaseUrl });
  await client.connect();
  const { rowCount } = await client.query(statement, values);
  await client.end();
  expect(rowCount).toBe(1);
}

const later = `'{"addedLater": {"deep": [1]}}'`;

async function createOne(): Promise<{ searchId: string; job: TrialJob }> {
  const { searchId, trials } = await createSample(scratch().store, 1, [7]);
  const [job] = trials;
  if (job === undefined) throw new Error('A search of one candidate and seed has one trial');
  return { searchId, job };
}

describe('rows with keys that this version does not know', () => {
  it('are read without them, in a search, its candidate and its trial', async () => {
    const { store } = scratch();
    const { searchId, job } = await createOne();
    const attempt = await claim(store, job);
    await store.recordStart({ ...attempt, engine: sampleEngine, steps: 20 });
    await store.completeTrial({ ...attempt, result: sampleResult(0.5) });
    await sql(
      `UPDATE search SET request = jsonb_set(request || ${later}, '{recipe,addedLater}', '1'),
                         baseline = baseline || ${later} WHERE id = $1`,
      searchId,
    );
    await sql(`UPDATE candidate SET points = points || ${later} WHERE search_id = $1`, searchId);
    await sql(`UPDATE trial SET engine = engine || ${later}, result = result || ${later} WHERE id = $1`, job.trialId);
    expect(await outcomeOf(store, searchId)).toMatchObject({
      request: sampleRequest({ seeds: [7] }),
      baseline: samplePlan(1).baseline,
      candidates: [{ candidate: sampleCandidate(0) }],
    });
    expect(await store.getTrial(job.trialId)).toMatchObject({ engine: sampleEngine, result: sampleResult(0.5) });
    expect((await store.getSearch(searchId))?.request).toEqual(sampleRequest({ seeds: [7] }));
  });

  it('are read without them, in a model and what its worker is told', async () => {
    const { store } = scratch();
    const ranked = await createRanked(store);
    const model = await store.createModel({ ...ranked, seed: 5, plan: sampleModelPlan });
    if (model === null) throw new Error('The candidate is of the search');
    await sql(`UPDATE model_plan SET plan = plan || ${later} WHERE trial_id = $1`, model.trialId);
    await sql(`UPDATE search SET request = request || ${later} WHERE id = $1`, ranked.searchId);
    expect((await store.getModel(model.trialId))?.plan).toEqual(sampleModelPlan);
    const claimed = await store.claimTrial({ ...model, workerId: 'worker', leaseSeconds: 15 });
    expect(claimed?.specification).toMatchObject({ recipe: sampleRequest().recipe, baseline: sampleNetwork });
  });
});

describe('a search that cannot be read', () => {
  it('is named by the list, which shows all others, and says why when it is asked for alone', async () => {
    const { store } = scratch();
    const [before, broken, after] = [await createOne(), await createOne(), await createOne()];
    await sql(`UPDATE search SET request = '{"documentVersion": 1, "baseline": 5}' WHERE id = $1`, broken.searchId);
    const page = await store.listSearches({ limit: 3 });
    expect(page.items.map(({ id }) => id)).toEqual([after.searchId, before.searchId]);
    expect(page.unreadable).toEqual([broken.searchId]);
    const read = store.getSearch(broken.searchId);
    await expect(read).rejects.toMatchObject({
      ...unreadable,
      field: 'search request',
      message: expect.stringContaining('dataset') as unknown,
    });
  });

  it('ends its trials with the reason instead of losing them again and again', async () => {
    const { store } = scratch();
    const { searchId, job } = await createOne();
    await sql(`UPDATE search SET request = '{"documentVersion": 1, "baseline": 5}' WHERE id = $1`, searchId);
    expect(await store.claimTrial({ ...job, workerId: 'worker', leaseSeconds: 15 })).toBeNull();
    expect(await store.getTrial(job.trialId)).toMatchObject({
      state: 'failed',
      failure: { code: 'RECORD_UNREADABLE', step: null },
    });
  });
});

describe('what a newer version has stored', () => {
  it('is left to its services: its trials stay queued, and its search is not moved on', async () => {
    const { store } = scratch();
    const { searchId, job } = await createOne();
    await sql(`UPDATE search SET request = request || '{"documentVersion": 99}' WHERE id = $1`, searchId);
    expect(await store.claimTrial({ ...job, workerId: 'worker', leaseSeconds: 15 })).toBeNull();
    expect(await store.getTrial(job.trialId)).toMatchObject({ state: 'queued', attempt: 1 });
    const ranked = await createRanked(store);
    await sql(`UPDATE search SET network = network || '{"documentVersion": 99}' WHERE id = $1`, ranked.searchId);
    expect(await store.searchesToAdvance()).not.toContainEqual(expect.objectContaining({ searchId: ranked.searchId }));
    await expect(store.getDefinition(ranked.searchId)).rejects.toMatchObject(unreadable);
  });

  it('is left out of the list of registered networks, and never taken for another of the same name', async () => {
    const { store } = scratch();
    const network = (name: string): NetworkDocument => ({ name, classes: 2 });
    for (const name of ['kept', 'newer']) await store.registerBaseline(network(name));
    await sql(`UPDATE baseline SET description = description || '{"documentVersion": 99}' WHERE name = 'newer'`);
    expect(await store.listBaselines()).toEqual([network('kept')]);
    await expect(store.getBaseline('newer')).rejects.toMatchObject(unreadable);
    await expect(store.registerBaseline(network('newer'))).rejects.toMatchObject(unreadable);
  });
});

describe('a trial that cannot be read', () => {
  it('is named by the list of its search', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createSample(store, 2, [7]);
    await complete(store, trials);
    const [first, second] = trials;
    await sql(`UPDATE trial SET result = '{"documentVersion": 1}' WHERE id = $1`, first?.trialId ?? '');
    const page = await store.listTrials(searchId, { limit: 10 });
    expect(page?.items.map(({ id }) => id)).toEqual([second?.trialId]);
    expect(page?.unreadable).toEqual([first?.trialId]);
    await expect(store.getTrial(first?.trialId ?? '')).rejects.toMatchObject(unreadable);
  });
});
