import { createStore } from '@compound-search/store';
import { pino } from 'pino';
import { expect, it, onTestFinished } from 'vitest';

import { sampleRequest } from '../../../packages/search/test/sample-request.ts';
import { useOwnPostgres } from '../../../test/own-postgres.ts';
import { buildApp } from '../src/app.ts';
import { useService } from './service.ts';

const service = useService();
const postgres = useOwnPostgres();

it('is not ready and takes no searches while PostgreSQL takes no writes, and serves again afterwards', async () => {
  const store = createStore({ databaseUrl: postgres().databaseUrl });
  onTestFinished(() => store.close());
  await store.migrate(() => undefined);
  const app = await buildApp({
    store,
    queue: service().queue,
    limits: { maximumCandidates: 200 },
    bodyLimit: 1e6,
    logger: pino({ level: 'silent' }),
  });
  onTestFinished(() => app.close());
  const ready = async () => (await app.inject('/readyz')).statusCode;
  const post = () => app.inject({ method: 'POST', url: '/v1/searches', payload: sampleRequest() });
  const { id } = (await post()).json<{ id: string }>();

  await postgres().set({ default_transaction_read_only: 'on' });
  await expect.poll(ready, { timeout: 20_000 }).toBe(503);
  const refused = await post();
  expect(refused.statusCode).toBe(503);
  expect(refused.json()).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
  expect((await app.inject(`/v1/searches/${id}`)).statusCode).toBe(200);

  await postgres().set({ default_transaction_read_only: '' });
  await expect.poll(ready, { timeout: 20_000 }).toBe(200);
  expect((await post()).statusCode).toBe(202);
  expect((await app.inject('/v1/searches')).json<{ items: unknown[] }>().items).toHaveLength(2);
});
