import { randomUUID } from 'node:crypto';

import { problemSchema, type ScalingComparison, type SearchView } from '@compound-search/contracts';
import { reconcile } from '@compound-search/search';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { runQueued, trainWell } from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';

const service = useService();

async function post(url: string, payload: object, key: string) {
  const { app } = service();
  const response = await app.inject({ method: 'POST', url, payload, headers: { 'idempotency-key': key } });
  return { status: response.statusCode, location: response.headers.location, body: response.json<{ id: string }>() };
}

/** Sends the same thrice at once and then once more. @returns the one id that all answers have */
async function sendAgain(url: string, payload: object, key: string = randomUUID()): Promise<string> {
  const atOnce = await Promise.all([post(url, payload, key), post(url, payload, key), post(url, payload, key)]);
  const answers = [...atOnce, await post(url, payload, key)];
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
  expect(new Set(answers.map(({ location }) => location)).size).toBe(1);
  const [first] = atOnce;
  expect(answers.map(({ body }) => body.id)).toEqual(answers.map(() => first.body.id));
  return first.body.id;
}

async function finishedSearch(): Promise<string> {
  const { id } = (await post('/v1/searches', sampleRequest({ seeds: [1] }), randomUUID())).body;
  const { store, queue } = service();
  for (let stage = 0; stage < 2; stage += 1) {
    await runQueued(store, trainWell);
    await reconcile({ store, queue, log: pino({ level: 'silent' }) });
  }
  return id;
}

describe('a request with an Idempotency-Key that comes several times', () => {
  it('starts one search, and queues its trials once', async () => {
    const waiting = (await service().queue.counts()).waiting;
    const id = await sendAgain('/v1/searches', sampleRequest());
    const { trials } = (await service().app.inject(`/v1/searches/${id}`)).json<SearchView>();
    expect((await service().queue.counts()).waiting - waiting).toBe(trials.total);
    await service().store.cancelSearch(id);
  });

  it('starts one extension, one transfer, one model and one rerun', async () => {
    const id = await finishedSearch();
    const trials = (await service().app.inject(`/v1/searches/${id}/trials`)).json<{ items: { id: string }[] }>();
    const made = [
      await sendAgain(`/v1/searches/${id}/extensions`, { seeds: [2] }),
      await sendAgain(`/v1/searches/${id}/transfer`, { phi: 2, rows: 3 }),
      await sendAgain(`/v1/searches/${id}/model`, { phi: 2 }),
      await sendAgain(`/v1/trials/${trials.items[0]?.id}/reruns`, {}),
    ];
    expect(new Set(made).size).toBe(4);
  });

  it('starts one search a target of a comparison, the rest of them where only some were stored', async () => {
    const { baseline, dataset, seeds } = sampleRequest();
    const request = {
      ...{ baseline, dataset, seeds, targets: [2, 4] },
      coefficients: { alpha: 1.2, beta: 1.1, gamma: 1.15 },
    };
    const key = randomUUID();
    const idsOf = async () => {
      const { body } = await post('/v1/comparisons', request, key);
      return (body as unknown as ScalingComparison).searches.map(({ search }) => search.id);
    };
    const ids = await idsOf();
    expect(new Set(ids).size).toBe(2);
    expect(await idsOf()).toEqual(ids);
    await service().store.cancelSearch(ids[1] ?? '');
    await service().store.deleteSearch(ids[1] ?? '');
    expect(await idsOf()).toEqual(ids);
  });

  it('answers with what it has made even where it would be refused by now', async () => {
    const before = await finishedSearch();
    const key = randomUUID();
    const first = await post(`/v1/searches/${before}/extensions`, { seeds: [2] }, key);
    await service().store.deleteSearch(before);
    const again = await post(`/v1/searches/${before}/extensions`, { seeds: [2] }, key);
    expect(again).toMatchObject({ status: 202, location: first.location });
  });

  it('takes the same fields in another order for the same request', async () => {
    const key = randomUUID();
    const request = sampleRequest();
    const { body } = await post('/v1/searches', request, key);
    const turned = Object.fromEntries(Object.entries(request).toReversed());
    expect((await post('/v1/searches', turned, key)).body.id).toBe(body.id);
  });

  it.each([
    ['another body', '/v1/searches', { seeds: [7] }],
    ['another path', '/v1/searches?again=1', {}],
  ])('is refused with %s, and nothing is stored', async (_what, url, change) => {
    const key = randomUUID();
    await post('/v1/searches', sampleRequest(), key);
    const rows = await service().countRows();
    const { status, body } = await post(url, sampleRequest(change), key);
    expect(status).toBe(409);
    expect(problemSchema.parse(body)).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', field: 'idempotency-key' });
    expect(await service().countRows()).toBe(rows);
  });

  it('leaves the key free where it is refused', async () => {
    const key = randomUUID();
    expect((await post('/v1/searches', sampleRequest({ baseline: 'none' }), key)).status).toBe(422);
    expect((await post('/v1/searches', sampleRequest(), key)).status).toBe(202);
  });

  it.each(['', 'a key', 'k'.repeat(256), 'schlüssel'])('is refused with the key %j', async (key) => {
    const { status, body } = await post('/v1/searches', sampleRequest(), key);
    expect(status).toBe(400);
    expect(problemSchema.parse(body)).toMatchObject({ code: 'VALIDATION_FAILED', field: 'idempotency-key' });
  });
});
