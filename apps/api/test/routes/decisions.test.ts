import { decisionViewSchema, pageOf, type Problem, type SearchView } from '@compound-search/contracts';
import { reconcile } from '@compound-search/search';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { runQueued, trainWell } from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';

const service = useService();
const pageSchema = pageOf(decisionViewSchema);

async function post(strategy: unknown): Promise<SearchView> {
  const payload = { ...sampleRequest({ seeds: [1, 2, 3] }), strategy };
  const response = await service().app.inject({ method: 'POST', url: '/v1/searches', payload });
  expect(response.statusCode).toBe(202);
  return response.json<SearchView>();
}

async function get(path: string) {
  const response = await service().app.inject(path);
  expect(response.statusCode).toBe(200);
  return response.json<unknown>();
}

describe('GET /v1/searches/{id}/decisions', () => {
  it('tells in pages what a search that races has decided, from its opening to why it has stopped', async () => {
    const search = await post({ kind: 'racing', batch: 2 });
    expect(search).toMatchObject({ stop: null, request: { strategy: { confidence: 0.97, indifference: 0.002 } } });
    const { store, queue } = service();
    let current = search;
    while (current.state === 'running') {
      await reconcile({ store, queue, log: pino({ level: 'silent' }) });
      await runQueued(store, trainWell);
      current = (await get(`/v1/searches/${search.id}`)) as SearchView;
    }
    expect(current.stop).not.toBeNull();
    const decisions = [];
    for (let cursor: string | null = '0'; cursor !== null;) {
      const page = pageSchema.parse(await get(`/v1/searches/${search.id}/decisions?limit=2&cursor=${cursor}`));
      expect(page.items.length).toBeLessThanOrEqual(2);
      decisions.push(...page.items);
      cursor = page.next;
    }
    expect(decisions.map(({ round }) => round)).toEqual(Array.from({ length: current.round }, (_, index) => index + 1));
    expect(decisions.at(-1)).toMatchObject({ stop: current.stop, assignments: [] });
    expect(decisions.flatMap(({ assignments }) => assignments)).toHaveLength(current.trials.total);
    // Every candidate has had its first seed.
    const first = decisions.flatMap(({ assignments }) => assignments.filter(({ seed }) => seed === 1));
    expect(new Set(first.map(({ fingerprint }) => fingerprint)).size).toBe(search.candidates);
  });

  it('has none of a search that gives every candidate every seed', async () => {
    const search = await post({ kind: 'full' });
    expect(search.trials.total).toBe(3 * search.candidates);
    expect(await get(`/v1/searches/${search.id}/decisions`)).toEqual({ items: [], next: null });
    await service().store.cancelSearch(search.id);
  });

  it('is not found where there is no such search', async () => {
    const response = await service().app.inject(`/v1/searches/${crypto.randomUUID()}/decisions`);
    expect(response.json<Problem>()).toMatchObject({ code: 'NOT_FOUND', status: 404 });
  });
});

describe('POST /v1/searches', () => {
  it('refuses rungs of epochs where the budget of the recipe gives every network another number of them', async () => {
    const before = await service().countRows();
    for (const strategy of [{ kind: 'halving' }, { kind: 'racing', rungs: {} }]) {
      const payload = { ...sampleRequest(), strategy, recipe: { macsBudget: 1e12 } };
      const response = await service().app.inject({ method: 'POST', url: '/v1/searches', payload });
      expect(response.json<Problem>()).toMatchObject({ code: 'VALIDATION_FAILED', field: 'recipe.macsBudget' });
    }
    expect(await service().countRows()).toBe(before);
  });
});
