import { createClient } from '@compound-search/sdk';
import { describe, expect, it } from 'vitest';

import { type Answer, failure, searchIn, serve } from './scripted-service.ts';

const request = {
  baseline: 'efficientnet-micro',
  dataset: 'mnist',
  grid: { alpha: [1.2], beta: [1.1], gamma: [1.15] },
};

const gone: Answer = { status: 503, body: 'gone', type: 'text/plain' };
const search: Answer = { status: 202, body: searchIn('running') };

/** Keys of the calls, one entry for each time that one was sent. */
function keysOf(received: readonly { readonly idempotencyKey: string | undefined }[]) {
  return received.map(({ idempotencyKey }) => idempotencyKey);
}

describe('a call of the client', () => {
  it.each([429, 502, 503, 504])('is sent again after an answer %i, when it only reads', async (status) => {
    const service = await serve((_, count) => (count === 1 ? { ...gone, status } : search));
    expect(await createClient(service).getSearch('one')).toEqual(searchIn('running'));
    expect(service.received).toHaveLength(2);
  });

  it('is sent again with the same key, when it starts something; another call has another key', async () => {
    const service = await serve((_, count) => (count % 3 === 0 ? search : gone));
    const client = createClient(service);
    await client.createSearch(request);
    await client.extendSearch('one', { seeds: [3] });
    const keys = keysOf(service.received);
    expect(keys[0]).toMatch(/^[\da-f]{32}$/);
    expect(keys).toEqual([keys[0], keys[0], keys[0], keys[3], keys[3], keys[3]]);
    expect(keys[3]).not.toBe(keys[0]);
  });

  it('is sent again when the connection was lost, since nobody knows whether it was carried out', async () => {
    const service = await serve(() => search);
    await service.pause();
    const answer = createClient(service).createSearch(request);
    await service.resume();
    expect(await answer).toEqual(searchIn('running'));
  });

  it('is not sent again where nothing says that it comes to the same', async () => {
    const service = await serve(() => gone);
    const client = createClient(service);
    for (const call of [() => client.makeKey({ name: 'mine', role: 'read' }), () => client.retryFailed('one')]) {
      expect(await failure(call())).toMatchObject({ status: 503 });
    }
    expect(service.received).toHaveLength(2);
  });

  it.each([400, 404, 409, 500])('is not sent again after an answer %i, which would be the same', async (status) => {
    const service = await serve(() => ({ ...gone, status }));
    expect(await failure(createClient(service).getSearch('one'))).toMatchObject({ status });
    expect(service.received).toHaveLength(1);
  });

  it('is sent so often as the caller says, and ends in the last answer', async () => {
    const service = await serve(() => gone);
    expect(await failure(createClient({ ...service, retries: 1 }).getSearch('one'))).toMatchObject({ status: 503 });
    expect(service.received).toHaveLength(2);
  });

  it('is not sent again where the service wants to be left alone for longer', async () => {
    const service = await serve(() => ({ ...gone, status: 429, headers: { 'retry-after': '60' } }));
    expect(await failure(createClient(service).getSearch('one'))).toMatchObject({ status: 429 });
    expect(service.received).toHaveLength(1);
  });
});
