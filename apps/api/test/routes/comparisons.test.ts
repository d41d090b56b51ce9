import {
  type ComparisonRequestInput,
  comparisonSchema,
  type Problem,
  type SearchView,
  searchViewSchema,
  transferSchema,
} from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { runQueued } from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';
import { searchResults } from './search-results.ts';

const service = useService();
const { post, advance, leaderboard } = searchResults(service);

const comparison: ComparisonRequestInput = {
  name: 'which way',
  baseline: 'efficientnet-micro',
  dataset: 'shapes',
  coefficients: { alpha: 1.2, beta: 1.1, gamma: 1.15 },
  seeds: [1, 2, 3],
  split: { trainImages: 100, validationImages: 50 },
};

async function send(url: string, payload: object) {
  return service().app.inject({ method: 'POST', url, payload });
}

describe('POST /v1/comparisons', () => {
  it('is refused as a whole where one of its targets is, before anything is stored', async () => {
    const refusals = [
      { change: { targets: [2, 1] }, status: 400, code: 'VALIDATION_FAILED', field: 'targets[1]' },
      { change: { methods: ['compound'] }, status: 400, code: 'VALIDATION_FAILED', field: 'methods' },
      { change: { tolerance: 1e-7 }, status: 422, code: 'GRID_INFEASIBLE', field: 'targets' },
      { change: { coefficients: { alpha: 1, beta: 1, gamma: 1 } }, status: 422, code: 'COEFFICIENT_INVALID' },
      { change: { split: { trainImages: 1e7 } }, status: 422, code: 'SPLIT_INVALID' },
    ];
    for (const { change, status, ...problem } of refusals) {
      const response = await send('/v1/comparisons', { ...comparison, ...change });
      expect(response.statusCode, JSON.stringify(change)).toBe(status);
      expect(response.json<Problem>()).toMatchObject(problem);
    }
    expect(await service().countRows()).toBe(0);
  });

  it('starts a search a target, of networks of equal cost that carry the name of their method', async () => {
    const response = await send('/v1/comparisons', comparison);
    expect(response.statusCode).toBe(202);
    const { searches } = comparisonSchema.parse(response.json());
    expect(searches.map(({ target }) => target)).toEqual([2, 4]);
    for (const { target, search } of searches) {
      expect(search.request).toMatchObject({ strategy: { kind: 'full' }, seeds: [1, 2, 3], constraint: { target } });
      const { rows } = await leaderboard(search.id);
      const labels = rows.flatMap(({ points }) => points.flatMap(({ label }) => label ?? []));
      expect(labels.sort()).toEqual(['compound', 'depth-only', 'resolution-only', 'width-only']);
      for (const { macsRatio } of rows) expect(Math.abs(macsRatio / target - 1)).toBeLessThanOrEqual(0.02);
      await service().store.cancelSearch(search.id);
    }
  });
});

/** A finished search whose rows are ranked by how near their width is to 1.1; deeper ones are a little worse. */
async function finishedSearch(): Promise<SearchView> {
  const search = await post({ seeds: [1, 2, 3] });
  await train();
  return search;
}

/** What a network of phi 1 or 2 comes to: the same order at both. */
async function train(): Promise<void> {
  const decide = ({
    multipliers: { depth, width },
    seed,
  }: {
    multipliers: { depth: number; width: number };
    seed: number;
  }) => ({
    validationAccuracy: 0.9 - depth / 50 - width / 10 + seed / 1000,
    testAccuracy: null,
    weightsHash: 'weights',
  });
  await runQueued(service().store, decide);
  await advance();
  await runQueued(service().store, (specification) => ({ ...decide(specification), testAccuracy: 0.8 }));
  await advance();
}

describe('/v1/searches/{id}/transfer', () => {
  it('trains the best rows at phi, and says how far the rankings agree', async () => {
    const origin = await finishedSearch();
    const best = (await leaderboard(origin.id)).rows.slice(0, 4).map(({ points: [point] }) => point?.alpha);
    const response = await send(`/v1/searches/${origin.id}/transfer`, { rows: 4, phi: 2 });
    expect(response.statusCode).toBe(202);
    const started = searchViewSchema.parse(response.json());
    expect(response.headers.location).toBe(`/v1/searches/${started.id}`);
    expect(started.request).toMatchObject({ transferOf: { searchId: origin.id, phi: 2 }, seeds: [1, 2, 3] });
    expect(started.request.points?.map(({ alpha }) => alpha)).toEqual(best.map((alpha = 0) => alpha ** 2));

    const read = async () =>
      transferSchema.parse((await service().app.inject(`/v1/searches/${started.id}/transfer`)).json());
    expect(await read()).toMatchObject({ spearman: null, kendall: null, state: 'running' });
    await train();
    const transfer = await read();
    expect(transfer.rows.map((row) => row.origin.rank)).toEqual([1, 2, 3, 4]);
    expect(transfer).toMatchObject({ originId: origin.id, phi: 2, state: 'completed' });
    // Seeds move all networks alike: nothing is left open.
    expect(transfer.spearman?.measured).toBeCloseTo(1, 9);
    expect(transfer.spearman?.interval?.[0]).toBeCloseTo(transfer.spearman?.measured ?? 0, 9);
  });

  it('is refused for a search that is not ranked yet, is none, or is no transfer, and for a phi out of range', async () => {
    const running = await post();
    expect((await send(`/v1/searches/${running.id}/transfer`, {})).json()).toMatchObject({
      code: 'COEFFICIENTS_NOT_READY',
    });
    expect((await service().app.inject(`/v1/searches/${running.id}/transfer`)).json()).toMatchObject({
      code: 'NOT_FOUND',
    });
    await service().store.cancelSearch(running.id);
    expect((await send('/v1/searches/none/transfer', {})).json()).toMatchObject({ code: 'NOT_FOUND' });
    const few = await post({
      grid: undefined,
      points: [
        { alpha: 3, beta: 1, gamma: 1 },
        { alpha: 1, beta: 1, gamma: 1 },
      ],
    });
    await train();
    expect((await send(`/v1/searches/${few.id}/transfer`, {})).json()).toMatchObject({ code: 'TRANSFER_INVALID' });
    const deep = await post({ grid: undefined, points: [3, 2, 1].map((alpha) => ({ alpha, beta: 1, gamma: 1 })) });
    await train();
    const response = await send(`/v1/searches/${deep.id}/transfer`, { phi: 8 });
    expect(response.json()).toMatchObject({ code: 'COEFFICIENT_INVALID', field: 'phi', value: 8 });
  });
});
