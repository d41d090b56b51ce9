import { type Curve, curveSchema, pageOf, type SearchView } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { claimNext, runQueued, trainWell } from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';

const service = useService();

async function post(): Promise<SearchView> {
  const { app } = service();
  return (await app.inject({ method: 'POST', url: '/v1/searches', payload: sampleRequest() })).json<SearchView>();
}

describe('GET /v1/searches/{id}/curves', () => {
  it('has the curve of every trial that the search has trained', async () => {
    const search = await post();
    await runQueued(service().store, trainWell);
    const response = await service().app.inject(`/v1/searches/${search.id}/curves?limit=200`);
    expect(response.statusCode).toBe(200);
    const { items } = pageOf(curveSchema.strict()).parse(response.json());
    expect(items).toHaveLength(search.trials.total);
    const columns = { epochs: 1, epoch: [1], trainLoss: [1.5], validationLoss: [1.6], validationAccuracy: [0.4] };
    for (const curve of items) expect(curve).toMatchObject({ state: 'completed', ...columns });
  });

  it('passes network, seed, state, points and page on', async () => {
    const search = await post();
    const claimed = await claimNext(service().store);
    const { fingerprint, seed, trialId } = claimed?.specification ?? { fingerprint: '', seed: 0, trialId: '' };
    const query = `fingerprint=${fingerprint}&seed=${seed}&state=running&points=3&limit=1`;
    const response = await service().app.inject(`/v1/searches/${search.id}/curves?${query}`);
    expect(response.json<{ items: Curve[] }>().items.map((curve) => curve.trialId)).toEqual([trialId]);
    await service().store.cancelSearch(search.id);
  });

  it('has no body while the client has what there is, and one again when a trial has come further', async () => {
    const { app, store } = service();
    const search = await post();
    const url = `/v1/searches/${search.id}/curves`;
    const { etag } = (await app.inject(url)).headers;
    const headers = { 'if-none-match': String(etag) };
    const unchanged = await app.inject({ url, headers });
    expect([unchanged.statusCode, unchanged.body]).toEqual([304, '']);
    await runQueued(store, trainWell);
    expect((await app.inject({ url, headers })).statusCode).toBe(200);
  });

  it.each([
    ['points', '2'],
    ['points', '1001'],
    ['seed', '-1'],
    ['seed', '2147483648'],
    ['state', 'sleeping'],
    ['cursor', 'last'],
  ])('refuses %s=%s', async (field, value) => {
    const { id } = await post();
    const response = await service().app.inject(`/v1/searches/${id}/curves?${field}=${value}`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'VALIDATION_FAILED', field });
    await service().store.cancelSearch(id);
  });

  it('answers NOT_FOUND for a search that does not exist', async () => {
    const response = await service().app.inject('/v1/searches/none/curves');
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'NOT_FOUND', field: 'id', value: 'none' });
  });
});
