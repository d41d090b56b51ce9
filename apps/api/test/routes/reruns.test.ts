import {
  type SearchView,
  trialComparisonSchema,
  type TrialDetail,
  trialDetailSchema,
  type TrialSpecification,
} from '@compound-search/contracts';
import { reconcile } from '@compound-search/search';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import {
  claimNext,
  engine,
  type Outcome,
  runQueued,
  trainWell,
} from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';

const service = useService();

function call(method: 'GET' | 'POST', url: string) {
  return service().app.inject({ method, url });
}

function conduct(): Promise<void> {
  return reconcile({ store: service().store, queue: service().queue, log: pino({ level: 'silent' }) });
}

/** A search that has ended, with its trials. */
async function endedSearch(): Promise<{ id: string; ran: TrialSpecification[] }> {
  const payload = sampleRequest({ seeds: [1] });
  const { id } = (await service().app.inject({ method: 'POST', url: '/v1/searches', payload })).json<SearchView>();
  const ran = await runQueued(service().store, trainWell);
  await conduct();
  ran.push(...(await runQueued(service().store, trainWell)));
  await conduct();
  return { id, ran };
}

async function rerun(trialId: string): Promise<TrialDetail> {
  const response = await call('POST', `/v1/trials/${trialId}/reruns`);
  expect(response.statusCode).toBe(202);
  const trial = trialDetailSchema.parse(response.json());
  expect(response.headers.location).toBe(`/v1/trials/${trial.id}`);
  return trial;
}

async function comparison(id: string) {
  const response = await call('GET', `/v1/trials/${id}/comparison`);
  expect(response.statusCode).toBe(200);
  return trialComparisonSchema.parse(response.json());
}

async function everything(id: string): Promise<unknown[]> {
  return Promise.all(
    ['', '/leaderboard', '/coefficients'].map(async (part) => {
      const answer: unknown = (await call('GET', `/v1/searches/${id}${part}`)).json();
      return answer;
    }),
  );
}

describe('POST /v1/trials/{id}/reruns', () => {
  it('repeats a trial of an ended search, which stays as it is', async () => {
    const { id, ran } = await endedSearch();
    const [first] = ran;
    const before = await everything(id);
    const { id: rerunId, ...queued } = await rerun(first?.trialId ?? '');
    expect(queued).toMatchObject({ purpose: 'rerun', rerunOf: first?.trialId, state: 'queued', searchId: id });
    expect((await service().queue.counts()).waiting).toBeGreaterThan(0);
    await conduct();
    expect(await everything(id)).toEqual(before);
    const worse = (): Outcome => ({ validationAccuracy: 1, testAccuracy: null, weightsHash: 'others' });
    const [repeated] = await runQueued(service().store, worse);
    expect(repeated).toEqual({ ...first, trialId: rerunId, purpose: 'rerun' });
    await conduct();
    expect(await everything(id)).toEqual(before);
  });

  it('does not wait for a rerun with the test of the winner', async () => {
    const payload = sampleRequest({ seeds: [1] });
    const { id } = (await service().app.inject({ method: 'POST', url: '/v1/searches', payload })).json<SearchView>();
    const [first] = await runQueued(service().store, trainWell);
    const { id: rerunId } = await rerun(first?.trialId ?? '');
    await conduct();
    expect((await call('GET', `/v1/searches/${id}`)).json()).toMatchObject({ state: 'testing' });
    await call('POST', `/v1/trials/${rerunId}/cancel`);
    await runQueued(service().store, trainWell);
    await conduct();
    expect((await call('GET', `/v1/searches/${id}`)).json()).toMatchObject({ state: 'completed' });
  });

  it('refuses what has not completed, and what is not there', async () => {
    const payload = sampleRequest({ seeds: [1] });
    const { id } = (await service().app.inject({ method: 'POST', url: '/v1/searches', payload })).json<SearchView>();
    const running = (await claimNext(service().store))?.specification.trialId ?? '';
    const response = await call('POST', `/v1/trials/${running}/reruns`);
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({ code: 'TRIAL_NOT_COMPLETED', field: 'state', value: 'running' });
    await service().store.cancelSearch(id);
    const unknown = await call('POST', '/v1/trials/0b5f1f0a-8f0d-4a4e-9d6e-3f0d6b1b7a11/reruns');
    expect(unknown.json()).toMatchObject({ code: 'NOT_FOUND', field: 'id' });
  });
});

describe('GET /v1/trials/{id}/comparison', () => {
  it('gives the verdict once the rerun has completed', async () => {
    const { ran } = await endedSearch();
    const trialId = ran[0]?.trialId ?? '';
    const { id } = await rerun(trialId);
    expect(await comparison(id)).toMatchObject({ trialId, rerunId: id, state: 'queued', equal: null });
    await runQueued(service().store, trainWell);
    expect(await comparison(id)).toMatchObject({ state: 'completed', equal: true, engine: { rerun: engine } });
    const other = await rerun(trialId);
    await runQueued(service().store, (specification) => ({ ...trainWell(specification), weightsHash: 'others' }));
    expect(await comparison(other.id)).toMatchObject({ equal: false, weightsHash: { rerun: 'others' } });
  });

  it('is not there for a trial that repeats none', async () => {
    const { ran } = await endedSearch();
    const response = await call('GET', `/v1/trials/${ran[0]?.trialId ?? ''}/comparison`);
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'NOT_FOUND', remedy: expect.stringContaining('/reruns') as string });
  });
});

describe('POST /v1/trials/{id}/cancel', () => {
  it('ends a rerun, and leaves it as it is when it has ended', async () => {
    const { ran } = await endedSearch();
    const { id } = await rerun(ran[0]?.trialId ?? '');
    const cancelled = await call('POST', `/v1/trials/${id}/cancel`);
    expect(cancelled.json()).toMatchObject({ id, state: 'cancelled' });
    expect((await call('POST', `/v1/trials/${id}/cancel`)).json()).toEqual(cancelled.json());
  });

  it('refuses the trials of a search', async () => {
    const { ran } = await endedSearch();
    for (const { trialId } of ran) {
      const response = await call('POST', `/v1/trials/${trialId}/cancel`);
      expect(response.statusCode).toBe(409);
      expect(response.json()).toMatchObject({ code: 'TRIAL_OF_SEARCH', field: 'id', value: trialId });
    }
  });
});
