import { type Problem, searchPlanSchema, searchRequestSchema } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { runQueued, trainWell } from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';
import { searchResults } from './search-results.ts';

const service = useService();
const { post, advance, leaderboard } = searchResults(service);

function get(searchId: string) {
  return service().app.inject(`/v1/searches/${searchId}/refinement`);
}

describe('GET /v1/searches/{id}/refinement', () => {
  it('is a request that can be posted, with all that cannot be told apart in it and everything else as it was', async () => {
    const search = await post({ seeds: [3, 4] });
    await runQueued(service().store, trainWell);
    await advance();
    const request = searchRequestSchema.parse((await get(search.id)).json());
    expect(request).toEqual({ ...search.request, grid: request.grid });
    const plan = await service().app.inject({ method: 'POST', url: '/v1/plans', payload: request });
    const { candidates } = searchPlanSchema.parse(plan.json());
    const tied = (await leaderboard(search.id)).rows.filter((row) => row.tied || row.rank === 1);
    expect(tied.length).toBeGreaterThan(0);
    const finer = new Set(candidates.map(({ fingerprint }) => fingerprint));
    for (const { fingerprint } of tied) expect(finer).toContain(fingerprint);
    await service().store.cancelSearch(search.id);
  });

  it('is refused while trials are ranked, and for a search that there is not', async () => {
    const search = await post({ seeds: [3] });
    const early = await get(search.id);
    expect(early.statusCode).toBe(409);
    expect(early.json<Problem>()).toMatchObject({ code: 'COEFFICIENTS_NOT_READY', field: 'state', value: 'running' });
    const listed = await post({ grid: undefined, points: [{ alpha: 1.2, beta: 1.1, gamma: 1.15 }], seeds: [3] });
    await runQueued(service().store, trainWell);
    await advance();
    expect((await get(listed.id)).json<Problem>()).toMatchObject({
      code: 'SEARCH_WITHOUT_GRID',
      status: 409,
      field: 'id',
    });
    const none = await get('2f0c7a3e-6f0b-4a52-9a3f-0a4f5d0a3c53');
    expect(none.statusCode).toBe(404);
    expect(none.json<Problem>()).toMatchObject({ code: 'NOT_FOUND', field: 'id' });
    await service().store.cancelSearch(search.id);
  });
});
