import { createTrialQueue } from '@compound-search/queue';
import { createStore } from '@compound-search/store';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';

import { type AppOptions, buildApp } from '../../src/app.ts';
import { useService } from '../service.ts';

const service = useService();

async function buildWith(parts: Partial<Pick<AppOptions, 'store' | 'queue'>>): Promise<FastifyInstance> {
  const app = await buildApp({
    store: service().store,
    queue: service().queue,
    ...parts,
    limits: { maximumCandidates: 1 },
    bodyLimit: 1e6,
    logger: pino({ level: 'silent' }),
  });
  onTestFinished(() => app.close());
  return app;
}

function silentStore() {
  const store = createStore({ databaseUrl: 'postgresql://nobody@127.0.0.1:9/none' });
  onTestFinished(() => store.close());
  return store;
}

function silentQueue() {
  const queue = createTrialQueue({ redisUrl: 'redis://127.0.0.1:9' });
  onTestFinished(() => queue.close());
  return queue;
}

describe('GET /healthz', () => {
  it('answers while the process is alive, whatever its dependencies do', async () => {
    const app = await buildWith({ store: silentStore(), queue: silentQueue() });
    const response = await app.inject('/healthz');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ status: 'alive' });
  });
});

describe('GET /readyz', () => {
  it('answers when the database and the queue do', async () => {
    const response = await service().app.inject('/readyz');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ status: 'ready' });
  });

  it.each([
    ['the database', () => ({ store: silentStore() }), ['database']],
    ['the queue', () => ({ queue: silentQueue() }), ['queue']],
    ['both', () => ({ store: silentStore(), queue: silentQueue() }), ['database', 'queue']],
  ])('names what does not answer when it is %s', async (_which, parts, names) => {
    const response = await (await buildWith(parts())).inject('/readyz');
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', field: 'dependencies', value: names });
  });
});
