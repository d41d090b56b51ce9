import {
  CompoundSearchError,
  type ModelView,
  type SearchView,
  type TrialDetail,
  type TrialView,
} from '@compound-search/contracts';
import type { Store } from '@compound-search/store';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { runQueued, trainWell } from '../../../../packages/search/test/simulated-worker.ts';
import { buildApp } from '../../src/app.ts';
import { useService } from '../service.ts';

const service = useService();

type Creation = 'createSearch' | 'createModel' | 'createRerun';

/** A service whose PostgreSQL goes away as soon as it has stored something. */
async function buildLosing(creation: Creation): Promise<FastifyInstance> {
  const { store, queue } = service();
  let isAway = false;
  const losing = new Proxy(store, {
    get: (target, verb: keyof Store) => async (input: never) => {
      if (isAway) throw new CompoundSearchError('DEPENDENCY_UNAVAILABLE', 'PostgreSQL does not answer');
      const answer = await (target[verb] as (input: never) => unknown)(input);
      isAway = verb === creation;
      return answer;
    },
  });
  const app = await buildApp({
    store: losing,
    queue,
    limits: { maximumCandidates: 200 },
    bodyLimit: 1e6,
    logger: pino({ level: 'silent' }),
  });
  onTestFinished(() => app.close());
  return app;
}

async function createTrained(): Promise<{ search: SearchView; trial: TrialView }> {
  const { app, store } = service();
  const search = (
    await app.inject({ method: 'POST', url: '/v1/searches', payload: sampleRequest() })
  ).json<SearchView>();
  await runQueued(store, trainWell);
  const [trial] = (await app.inject(`/v1/searches/${search.id}/trials`)).json<{ items: TrialView[] }>().items;
  if (trial === undefined) throw new Error('A search has trials');
  return { search, trial };
}

async function readAt(location: unknown): Promise<unknown> {
  return (await service().app.inject(String(location))).json();
}

describe('what is stored is answered with 202, though PostgreSQL is away right after', () => {
  it('when it is a search, which the answer shows as it was made', async () => {
    const app = await buildLosing('createSearch');
    const response = await app.inject({ method: 'POST', url: '/v1/searches', payload: sampleRequest() });
    expect(response.statusCode).toBe(202);
    const search = response.json<SearchView>();
    expect(response.headers.location).toBe(`/v1/searches/${search.id}`);
    expect(search).toMatchObject({ state: 'running', trials: { total: search.candidates * 2 }, endedAt: null });
    expect(await readAt(response.headers.location)).toEqual(search);
  });

  it('when it is a model', async () => {
    const { search, trial } = await createTrained();
    const app = await buildLosing('createModel');
    const payload = { candidateId: trial.candidateId, phi: 1.5, seed: 9 };
    const response = await app.inject({ method: 'POST', url: `/v1/searches/${search.id}/model`, payload });
    expect(response.statusCode).toBe(202);
    const model = response.json<ModelView>();
    expect(response.headers.location).toBe(`/v1/models/${model.id}`);
    expect(model).toMatchObject({ ...payload, searchId: search.id, state: 'queued', metadata: null });
    expect(await readAt(response.headers.location)).toEqual(model);
  });

  it('when it is a rerun', async () => {
    const { trial } = await createTrained();
    const app = await buildLosing('createRerun');
    const response = await app.inject({ method: 'POST', url: `/v1/trials/${trial.id}/reruns` });
    expect(response.statusCode).toBe(202);
    const rerun = response.json<TrialDetail>();
    expect(response.headers.location).toBe(`/v1/trials/${rerun.id}`);
    expect(rerun).toMatchObject({ purpose: 'rerun', rerunOf: trial.id, state: 'queued', learningCurve: [] });
    expect(await readAt(response.headers.location)).toEqual(rerun);
  });

  it('when it is a rerun of a model, which keeps the network of its plan', async () => {
    const { search } = await createTrained();
    const { app: whole, store } = service();
    const url = `/v1/searches/${search.id}/model`;
    const { items } = (await whole.inject(`/v1/searches/${search.id}/trials`)).json<{ items: TrialView[] }>();
    const payload = { phi: 2, candidateId: items[0]?.candidateId };
    const model = (await whole.inject({ method: 'POST', url, payload })).json<ModelView>();
    await runQueued(store, trainWell);
    const app = await buildLosing('createRerun');
    const response = await app.inject({ method: 'POST', url: `/v1/trials/${model.id}/reruns` });
    expect(response.statusCode).toBe(202);
    expect(await readAt(response.headers.location)).toEqual(response.json());
  });
});
