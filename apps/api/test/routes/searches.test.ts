import {
  endedSearchStates,
  type Problem,
  type SearchRequestInput,
  searchRequestSchema,
  type SearchView,
  searchViewSchema,
} from '@compound-search/contracts';
import { findBaseline } from '@compound-search/networks';
import { createTrialQueue } from '@compound-search/queue';
import { createStore } from '@compound-search/store';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { runQueued, trainWell } from '../../../../packages/search/test/simulated-worker.ts';
import { buildApp } from '../../src/app.ts';
import { useService } from '../service.ts';

const service = useService();

async function post(changes: Partial<SearchRequestInput> = {}): Promise<SearchView> {
  const payload = sampleRequest(changes);
  const response = await service().app.inject({ method: 'POST', url: '/v1/searches', payload });
  expect(response.statusCode).toBe(202);
  return searchViewSchema.parse(response.json());
}

describe('POST /v1/searches', () => {
  it('stores the search with every default filled in, queues its trials and says where it is', async () => {
    const before = await service().queue.counts();
    const response = await service().app.inject({ method: 'POST', url: '/v1/searches', payload: sampleRequest() });
    expect(response.statusCode).toBe(202);
    const search = searchViewSchema.parse(response.json());
    expect(response.headers.location).toBe(`/v1/searches/${search.id}`);
    const trials = search.candidates * 2;
    expect(search).toMatchObject({
      state: 'running',
      request: searchRequestSchema.parse(sampleRequest()),
      points: 27,
      trials: { total: trials, queued: trials, running: 0, completed: 0, failed: 0, cancelled: 0, paused: 0 },
      testTrials: { total: 0 },
      progress: { fraction: 0, secondsLeft: null },
      endedAt: null,
    });
    expect(search.candidates).toBeGreaterThan(0);
    expect((await service().queue.counts()).waiting).toBe(before.waiting + trials);
    const again = await service().app.inject(`/v1/searches/${search.id}`);
    expect(again.json()).toEqual(search);
  });

  it('lets candidates race, each with 32 seeds at most, where the request names neither strategy nor seeds', async () => {
    const { strategy: full, ...payload } = sampleRequest();
    expect(full).toBe('full');
    const response = await service().app.inject({ method: 'POST', url: '/v1/searches', payload });
    const { request, trials, candidates } = searchViewSchema.parse(response.json());
    expect(request.strategy).toMatchObject({ kind: 'racing', confidence: 0.97, indifference: 0.002 });
    expect(request.seeds).toEqual(Array.from({ length: 32 }, (_, index) => index + 1));
    // Five candidates begin with two seeds each, which leaves four degrees of freedom for the spread.
    expect({ candidates, trials: trials.total }).toEqual({ candidates: 5, trials: 10 });
  });

  it('takes the name of a strategy alone, and shows what it stands for', async () => {
    const { request, trials, candidates } = await post({ strategy: 'halving' });
    expect(request).toMatchObject({ strategy: { kind: 'halving', batch: 4, brackets: 1 }, seeds: [1, 2, 3] });
    expect(trials.total).toBe(candidates);
  });

  it("takes the baseline's own recipe where the request says nothing else, of a posted network too", async () => {
    const network = { ...findBaseline('resnet-micro'), name: 'own', recipe: { weightDecay: 0.002 } };
    const cases = [
      [
        'resnet-micro',
        { optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false }, weightDecay: 1e-4, learningRate: 0.5 },
      ],
      [network, { optimizer: { kind: 'rmsprop' }, weightDecay: 0.002, learningRate: 0.5 }],
    ] as const;
    for (const [baseline, recipe] of cases) {
      const payload = { ...sampleRequest(), baseline, recipe: { learningRate: 0.5 } };
      const response = await service().app.inject({ method: 'POST', url: '/v1/searches', payload });
      expect(response.json()).toMatchObject({ request: { recipe } });
    }
  });

  it('is what a plan of the same request announces', async () => {
    const search = await post();
    const response = await service().app.inject({ method: 'POST', url: '/v1/plans', payload: sampleRequest() });
    expect(response.statusCode).toBe(200);
    const plan = response.json<{ points: number; feasiblePoints: number; candidates: unknown[]; notes: string[] }>();
    expect({ ...plan, candidates: plan.candidates.length }).toMatchObject({
      points: search.points,
      feasiblePoints: search.feasiblePoints,
      candidates: search.candidates,
      notes: search.notes,
    });
  });

  it('is refused and stores nothing while the queue does not answer', async () => {
    const queue = createTrialQueue({ redisUrl: 'redis://127.0.0.1:9' });
    onTestFinished(() => queue.close());
    const app = await buildApp({
      store: service().store,
      queue,
      limits: { maximumCandidates: 200 },
      bodyLimit: 1e6,
      logger: pino({ level: 'silent' }),
    });
    onTestFinished(() => app.close());
    const rows = await service().countRows();
    const response = await app.inject({ method: 'POST', url: '/v1/searches', payload: sampleRequest() });
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    expect(await service().countRows()).toBe(rows);
  });

  it('stands although the queue goes away right after the commit', async () => {
    const app = await buildApp({
      store: service().store,
      queue: {
        ping: () => Promise.resolve(),
        add: () => Promise.reject(new Error('gone')),
        counts: () => Promise.resolve({ waiting: 0, active: 0 }),
      },
      limits: { maximumCandidates: 200 },
      bodyLimit: 1e6,
      logger: pino({ level: 'silent' }),
    });
    onTestFinished(() => app.close());
    const response = await app.inject({ method: 'POST', url: '/v1/searches', payload: sampleRequest() });
    expect(response.statusCode).toBe(202);
    const { id } = response.json<SearchView>();
    expect(await service().store.getSearch(id)).toMatchObject({ state: 'running' });
  });

  it('is refused while the database does not answer', async () => {
    const store = createStore({ databaseUrl: 'postgresql://nobody@127.0.0.1:9/none' });
    onTestFinished(() => store.close());
    const app = await buildApp({
      store,
      queue: service().queue,
      limits: { maximumCandidates: 200 },
      bodyLimit: 1e6,
      logger: pino({ level: 'silent' }),
    });
    onTestFinished(() => app.close());
    const response = await app.inject({ method: 'POST', url: '/v1/searches', payload: sampleRequest() });
    expect(response.statusCode).toBe(503);
    expect(response.json()).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
  });
});

describe('GET /v1/searches', () => {
  it('lists every search once, newest first, page by page', async () => {
    const posted = [await post(), await post(), await post()].map(({ id }) => id);
    const seen: string[] = [];
    let url = '/v1/searches?limit=2';
    for (;;) {
      const response = await service().app.inject(url);
      expect(response.statusCode).toBe(200);
      const page = response.json<{ items: SearchView[]; next: string | null }>();
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ id }) => id));
      if (page.next === null) break;
      url = `/v1/searches?limit=2&cursor=${encodeURIComponent(page.next)}`;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 3)).toEqual(posted.toReversed());
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=many', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['page=2', 'page'],
    ['cursor=nonsense', 'cursor'],
  ])('refuses the query %s', async (query, field) => {
    const response = await service().app.inject(`/v1/searches?${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'VALIDATION_FAILED', field });
  });
});

const endedByItself = endedSearchStates.filter((state) => state !== 'cancelled' && state !== 'stopped');

describe('POST /v1/searches/{id}/cancel', () => {
  it('cancels the search with all its queued trials', async () => {
    const { id, trials } = await post();
    const response = await service().app.inject({ method: 'POST', url: `/v1/searches/${id}/cancel` });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ id, state: 'cancelled', trials: { cancelled: trials.total, queued: 0 } });
  });

  it('takes an empty body that is declared as JSON', async () => {
    const { id } = await post();
    const url = `/v1/searches/${id}/cancel`;
    const headers = { 'content-type': 'application/json' };
    const response = await service().app.inject({ method: 'POST', url, headers });
    expect(response.statusCode).toBe(200);
  });

  it.each(endedByItself)('is refused for a search that has ended as %s', async (state) => {
    const { id } = await post();
    if (state === 'failed') await runAndEnd(id, state);
    else await testAndEnd(id, state);
    const response = await service().app.inject({ method: 'POST', url: `/v1/searches/${id}/cancel` });
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({ code: 'SEARCH_ENDED', field: 'state', value: state });
    expect(await service().store.getSearch(id)).toMatchObject({ state });
  });
});

async function runAndEnd(searchId: string, state: 'failed'): Promise<void> {
  await runQueued(service().store, () => ({ code: 'TRIAL_FAILED', message: 'It failed', step: null }));
  await service().store.endSearch({ searchId, state, answer: null });
}

async function testAndEnd(searchId: string, state: 'completed' | 'completed_with_failures'): Promise<void> {
  await runQueued(service().store, trainWell);
  const results = await service().store.getResults(searchId);
  const candidateId = results?.candidates[0]?.candidateId ?? '';
  await service().store.beginTesting({ searchId, candidateId, seeds: [1] });
  await runQueued(service().store, trainWell);
  await service().store.endSearch({ searchId, state, answer: null });
}

describe('the path of a search', () => {
  const unknown = ['0b5f1f0a-8f0d-4a4e-9d6e-3f0d6b1b7a11', 'latest', "1' OR '1'='1", 'x'.repeat(90)];
  const routes = [
    ['GET', ''],
    ['GET', '/leaderboard'],
    ['GET', '/trials'],
    ['GET', '/coefficients'],
    ['POST', '/cancel'],
  ] as const;

  it.each(routes)('%s %s answers NOT_FOUND for an identifier that does not exist', async (method, rest) => {
    for (const id of unknown) {
      const url = `/v1/searches/${encodeURIComponent(id)}${rest}`;
      const response = await service().app.inject({ method, url });
      expect(response.statusCode).toBe(404);
      expect(response.json<Problem>()).toMatchObject({ code: 'NOT_FOUND', field: 'id', value: id });
    }
  });
});
