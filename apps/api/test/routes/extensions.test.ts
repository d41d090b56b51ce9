import { problemSchema, type SearchView, searchViewSchema } from '@compound-search/contracts';
import { reconcile } from '@compound-search/search';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { runQueued, trainWell } from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';

const service = useService();

function post(url: string, payload: object) {
  return service().app.inject({ method: 'POST', url, payload });
}

function conduct(): Promise<void> {
  return reconcile({ store: service().store, queue: service().queue, log: pino({ level: 'silent' }) });
}

async function startSearch(): Promise<SearchView> {
  return (await post('/v1/searches', sampleRequest({ seeds: [1] }))).json<SearchView>();
}

describe('POST /v1/searches/:id/extensions', () => {
  it('refuses to go on from a search that has not ended, and then starts one that names it', async () => {
    const { id, trials } = await startSearch();
    const early = await post(`/v1/searches/${id}/extensions`, { seeds: [2] });
    expect(early.statusCode).toBe(409);
    expect(problemSchema.parse(early.json())).toMatchObject({ code: 'SEARCH_NOT_ENDED', value: 'running' });

    for (let stage = 0; stage < 2; stage += 1) {
      await runQueued(service().store, trainWell);
      await conduct();
    }
    const response = await post(`/v1/searches/${id}/extensions`, { name: 'more', seeds: [2] });
    expect(response.statusCode).toBe(202);
    const search = searchViewSchema.parse(response.json());
    expect(response.headers.location).toBe(`/v1/searches/${search.id}`);
    expect(search).toMatchObject({ extends: id, request: { name: 'more', seeds: [1, 2] } });
    expect(search.trials.total).toBe(2 * trials.total);
    const shown = await service().app.inject({ method: 'GET', url: `/v1/searches/${search.id}` });
    expect(shown.json()).toMatchObject({ extends: id });
  });

  it('refuses what adds nothing or asks of nobody, and stores nothing', async () => {
    const { id } = await startSearch();
    await service().store.cancelSearch(id);
    const rows = await service().countRows();
    const refused = [
      await post(`/v1/searches/${id}/extensions`, {}),
      await post(`/v1/searches/${id}/extensions`, { seeds: [1] }),
      await post('/v1/searches/none/extensions', { seeds: [2] }),
    ];
    expect(refused.map((response) => problemSchema.parse(response.json()).code)).toEqual([
      'VALIDATION_FAILED',
      'VALIDATION_FAILED',
      'NOT_FOUND',
    ]);
    expect(await service().countRows()).toBe(rows);
  });
});
