import { CompoundSearchError } from '@compound-search/contracts';
import { ApiError, createClient } from '@compound-search/sdk';
import { describe, expect, it } from 'vitest';

import { failure, searchIn, serve } from './scripted-service.ts';

const request = {
  baseline: 'efficientnet-micro',
  dataset: 'mnist',
  grid: { alpha: [1.2], beta: [1.1], gamma: [1.15] },
};

describe('createClient', () => {
  it('posts a request as it is, so that the service fills in the defaults', async () => {
    const service = await serve(() => ({ status: 202, body: searchIn('running') }));
    const search = await createClient(service).createSearch(request);
    expect(search).toEqual(searchIn('running'));
    expect(service.received).toMatchObject([
      { method: 'POST', url: '/v1/searches', type: 'application/json', body: JSON.stringify(request) },
    ]);
  });

  it('sends results as they are, with their type, and reads them back as text', async () => {
    const body = { searchId: 's1', imported: 1, repeated: 0, unassigned: 2, withoutResult: 0 };
    const service = await serve(({ method }) =>
      method === 'POST' ? { status: 200, body } : { status: 200, body: 'seed\r\n1\r\n', type: 'text/csv' },
    );
    const client = createClient(service);
    const text = await client.exportResults('s1', 'csv', 'queued');
    expect(await client.importResults('s1', { format: 'csv', text, unassigned: 'skip' })).toEqual(body);
    await client.importResults('s1', { format: 'jsonl', text: Buffer.from('{}\n') });
    expect(service.received).toMatchObject([
      { method: 'GET', url: '/v1/searches/s1/results?format=csv&state=queued' },
      { method: 'POST', url: '/v1/searches/s1/results?unassigned=skip', type: 'text/csv', body: 'seed\r\n1\r\n' },
      { method: 'POST', url: '/v1/searches/s1/results', type: 'application/jsonl', body: '{}\n' },
    ]);
  });

  it('posts a search again while the service reads its data set, and says how far that is', async () => {
    const reading = (done: number) => ({
      status: 409,
      body: {
        type: 'urn:compound-search:error:DATASET_NOT_READY',
        title: 'The data set is still being read',
        status: 409,
        code: 'DATASET_NOT_READY',
        detail: `${done} of 3`,
      },
    });
    const service = await serve((_, count) =>
      count < 3 ? reading(count) : { status: 202, body: searchIn('running') },
    );
    const said: string[] = [];
    const options = { onReading: (sentence: string) => void said.push(sentence), intervalMilliseconds: 1 };
    expect(await createClient(service).createSearch(request, options)).toEqual(searchIn('running'));
    expect(said).toEqual(['1 of 3', '2 of 3']);
    expect(new Set(service.received.map(({ body }) => body))).toEqual(new Set([JSON.stringify(request)]));
  });

  it('ends the wait for a data set with the reason of its signal', async () => {
    const body = { type: 'x', title: 'x', status: 409, code: 'DATASET_NOT_READY', detail: 'x' };
    const service = await serve(() => ({ status: 409, body }));
    const giveUp = new AbortController();
    const reason = new Error('enough');
    const options = { signal: giveUp.signal, intervalMilliseconds: 60_000, onReading: () => giveUp.abort(reason) };
    expect(await failure(createClient(service).createSearch(request, options))).toBe(reason);
  });

  it('asks for the costs of networks and registers one, each at its own route', async () => {
    const service = await serve(() => ({ status: 200, body: [] }));
    const client = createClient(service);
    await client.family({ baseline: 'resnet-50', alpha: 1.2, beta: 1.1, gamma: 1.15, phi: [1] });
    await client.publishedNetworks();
    // The answers of these have another form than the scripted one, which the client refuses after it has asked.
    await failure(client.network({ published: 'b4' }));
    await failure(client.registerBaseline({ name: 'mine' }));
    await failure(client.baseline('a/b'));
    expect(service.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v1/families',
      'GET /v1/published-networks',
      'POST /v1/networks',
      'POST /v1/baselines',
      'GET /v1/baselines/a%2Fb',
    ]);
  });

  it('asks for reruns, comparisons and their end, each at its own route', async () => {
    const service = await serve(() => ({ status: 200, body: {} }));
    const client = createClient(service);
    // The scripted answer has another form, which the client refuses after it has asked.
    await failure(client.rerun('one'));
    await failure(client.comparison('a/b'));
    await failure(client.cancelTrial('one'));
    await failure(client.waitForTrial('one'));
    expect(service.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v1/trials/one/reruns',
      'GET /v1/trials/a%2Fb/comparison',
      'POST /v1/trials/one/cancel',
      'GET /v1/trials/one',
    ]);
  });

  it('starts models, and takes their files byte for byte or the refusal', async () => {
    const problem = { type: 'about:blank', title: '', status: 409, code: 'TRIAL_NOT_COMPLETED', detail: 'running' };
    const service = await serve(({ url }) =>
      url.includes('early')
        ? { status: 409, body: problem }
        : { status: 200, body: 'bytes \u0000', type: 'text/plain' },
    );
    const client = createClient(service);
    await failure(client.createModel('a/b'));
    await failure(client.createModel('one', { phi: 2 }));
    await failure(client.model('one'));
    expect(Buffer.from(await client.savedModel('one')).toString()).toBe('bytes \u0000');
    expect(await failure(client.savedModel('early'))).toMatchObject({ status: 409, code: 'TRIAL_NOT_COMPLETED' });
    expect(service.received.map(({ method, url, body }) => `${method} ${url} ${body}`.trim())).toEqual([
      'POST /v1/searches/a%2Fb/model {}',
      'POST /v1/searches/one/model {"phi":2}',
      'GET /v1/models/one',
      'GET /v1/models/one/saved_model.pb',
      'GET /v1/models/early/saved_model.pb',
    ]);
  });

  it('sends no body and no media type where a route takes none', async () => {
    const service = await serve(() => ({ status: 200, body: searchIn('cancelled') }));
    await createClient(service).cancel('one');
    expect(service.received).toMatchObject([
      { method: 'POST', url: '/v1/searches/one/cancel', type: undefined, body: '' },
    ]);
  });

  it('sends each verb of a search to its own route', async () => {
    const service = await serve(({ method }) =>
      method === 'DELETE' ? { status: 204, body: '' } : { status: 200, body: searchIn('running') },
    );
    const client = createClient(service);
    for (const verb of ['pause', 'resume', 'stop', 'cancel', 'retryFailed'] as const) {
      expect(await client[verb]('a b')).toEqual(searchIn('running'));
    }
    await client.delete('a b');
    expect(service.received.map(({ method, url, body }) => `${method} ${url} ${body}`.trim())).toEqual([
      'POST /v1/searches/a%20b/pause',
      'POST /v1/searches/a%20b/resume',
      'POST /v1/searches/a%20b/stop',
      'POST /v1/searches/a%20b/cancel',
      'POST /v1/searches/a%20b/retry-failed',
      'DELETE /v1/searches/a%20b',
    ]);
  });

  it('tells why a search cannot be deleted', async () => {
    const problem = { type: 'x', title: 'x', status: 409, code: 'SEARCH_NOT_ENDED', detail: 'It runs' };
    const service = await serve(() => ({ status: 409, body: problem }));
    expect(await failure(createClient(service).delete('one'))).toMatchObject({ code: 'SEARCH_NOT_ENDED' });
  });

  it('changes what may be changed of a search', async () => {
    const service = await serve(() => ({ status: 200, body: searchIn('running') }));
    expect(await createClient(service).changeSearch('one', { priority: 7 })).toEqual(searchIn('running'));
    expect(service.received).toMatchObject([
      { method: 'PATCH', url: '/v1/searches/one', type: 'application/json', body: '{"priority":7}' },
    ]);
  });

  it('keeps the path of a base URL and escapes what stands in an identifier', async () => {
    const service = await serve(() => ({ status: 200, body: searchIn('running') }));
    await createClient({ baseUrl: `${service.baseUrl}/behind/a/proxy` }).getSearch('../a b?c');
    expect(service.received[0]?.url).toBe('/behind/a/proxy/v1/searches/..%2Fa%20b%3Fc');
  });

  it('leaves options that are not given out of the query', async () => {
    const service = await serve(() => ({ status: 200, body: { items: [], next: null } }));
    const client = createClient(service);
    await client.listSearches();
    await client.trials('one', { state: 'failed', limit: 2, cursor: 'a+b' });
    await client.decisions('one', { limit: 2, cursor: '7' });
    expect(service.received.map(({ url }) => url)).toEqual([
      '/v1/searches',
      '/v1/searches/one/trials?state=failed&limit=2&cursor=a%2Bb',
      '/v1/searches/one/decisions?limit=2&cursor=7',
    ]);
  });

  it('turns a problem document into an ApiError with code, field, value, remedy and all faults', async () => {
    const problem = {
      type: 'urn:compound-search:error:AXIS_INVALID',
      title: 'An axis of the grid is not a valid list or range',
      status: 422,
      code: 'AXIS_INVALID',
      detail: 'grid.alpha.step is 0',
      instance: 'urn:uuid:7c0e8f4e-51a9-4a3f-9f7b-0e6a55b1f3f0',
      field: 'grid.alpha.step',
      value: 0,
      remedy: 'Give a step above 0.',
      errors: [{ field: 'grid.alpha.step', detail: 'is 0', value: 0 }],
    };
    const service = await serve(() => ({ status: 422, body: problem, type: 'application/problem+json' }));
    const error = await failure(createClient(service).plan(request));
    expect(error).toBeInstanceOf(ApiError);
    const { code, status, message, field, value, remedy, errors, instance } = error as ApiError;
    expect({ code, status, detail: message, field, value, remedy, errors, instance }).toEqual({
      code: problem.code,
      status: problem.status,
      detail: problem.detail,
      field: problem.field,
      value: problem.value,
      remedy: problem.remedy,
      errors: problem.errors,
      instance: problem.instance,
    });
  });

  it('reports an answer that is no problem document with its status and its beginning', async () => {
    const service = await serve(() => ({ status: 502, body: '<h1>Bad Gateway</h1>', type: 'text/html' }));
    const error = await failure(createClient(service).baselines());
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 502, code: 'INTERNAL' });
    expect((error as ApiError).message).toContain('Bad Gateway');
  });

  it('refuses a successful answer in a form that it does not know', async () => {
    const service = await serve(() => ({ status: 200, body: { hello: 'world' } }));
    const error = await failure(createClient(service).getSearch('one'));
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).remedy).toContain('version');
  });

  it('says where it looked and that nothing listens there', async () => {
    const service = await serve(() => ({ status: 200, body: {} }));
    await service.pause();
    const error = await failure(createClient(service).datasets());
    expect(error).toBeInstanceOf(CompoundSearchError);
    expect(error).toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      field: 'baseUrl',
      value: service.baseUrl,
      message: `The service at ${service.baseUrl} cannot be reached: connection refused`,
    });
  });

  it('gives up on an answer that does not come in time', async () => {
    const service = await serve(() => new Promise(() => undefined));
    const error = await failure(createClient({ ...service, timeoutMilliseconds: 50 }).datasets());
    expect(error).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    expect((error as Error).message).toContain('no answer within 0.05 s');
  });

  it('uses the fetch that it is given', async () => {
    const client = createClient({
      baseUrl: 'http://nowhere.invalid',
      fetch: () => Promise.resolve(Response.json([])),
    });
    expect(await client.datasets()).toEqual([]);
  });
});
