import type { Plan, Problem, SearchRequestInput, SearchView, TrialView } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { diverge, runQueued, trainWell } from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';

const service = useService();

async function send(method: 'GET' | 'POST', url: string, payload?: object) {
  const { app } = service();
  const response = await app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
  return { status: response.statusCode, body: response.json<unknown>() };
}

async function createSearch(): Promise<SearchView> {
  const { status, body } = await send('POST', '/v1/searches', sampleRequest());
  expect(status).toBe(202);
  return body as SearchView;
}

/** The same object with its fields in another order, which a client may send as it likes. */
function rotateFields(request: SearchRequestInput, by: number): object {
  const fields = Object.entries(request);
  return Object.fromEntries([...fields.slice(by % fields.length), ...fields.slice(0, by % fields.length)]);
}

describe('the same search posted 32 times at once', () => {
  it('is stored 32 times, each with all its trials queued, and none fails', async () => {
    const request = sampleRequest();
    const plan = (await send('POST', '/v1/plans', request)).body as Plan;
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, index) => send('POST', '/v1/searches', rotateFields(request, index))),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const ids = answers.map(({ body }) => (body as SearchView).id);
    expect(new Set(ids).size).toBe(32);
    const { items } = (await send('GET', '/v1/searches')).body as { items: SearchView[] };
    expect(items.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    const trials = plan.candidates.length * 2;
    expect(items.map(({ trials: { queued } }) => queued)).toEqual(items.map(() => trials));
    expect(await service().queue.counts()).toEqual({ waiting: 32 * trials, active: 0 });
    for (const id of ids) await service().store.cancelSearch(id);
  });
});

/** Sends the same at once and then once more; every answer must be the same. */
async function sendAgain(url: string): Promise<{ status: number; body: unknown }> {
  const atOnce = await Promise.all([send('POST', url), send('POST', url), send('POST', url)]);
  const [first] = atOnce;
  for (const answer of [...atOnce, await send('POST', url)]) expect(answer).toEqual(first);
  return first;
}

describe('the same cancelling, sent several times', () => {
  it('of a search that runs cancels it, and says so each time', async () => {
    const { id, trials } = await createSearch();
    const { status, body } = await sendAgain(`/v1/searches/${id}/cancel`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, state: 'cancelled', trials: { cancelled: trials.total, queued: 0, running: 0 } });
  });

  it('of a search whose winner is tested does so too', async () => {
    const { id } = await createSearch();
    await runQueued(service().store, trainWell);
    const { items } = (await send('GET', `/v1/searches/${id}/trials`)).body as { items: TrialView[] };
    const candidateId = items[0]?.candidateId ?? '';
    await service().store.beginTesting({ searchId: id, candidateId, seeds: [1, 2] });
    const { status, body } = await sendAgain(`/v1/searches/${id}/cancel`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, state: 'cancelled', testTrials: { total: 2, cancelled: 2 } });
  });

  it('of a search that has ended by itself is refused each time', async () => {
    const { id } = await createSearch();
    await runQueued(service().store, diverge);
    await service().store.endSearch({ searchId: id, state: 'failed', answer: null });
    const url = `/v1/searches/${id}/cancel`;
    const problems = [await send('POST', url), await send('POST', url)].map(({ body }) => body as Problem);
    for (const problem of problems) {
      expect({ ...problem, instance: problems[0]?.instance }).toEqual(problems[0]);
      expect(problem).toMatchObject({ status: 409, code: 'SEARCH_ENDED', value: 'failed' });
    }
    expect((await send('GET', `/v1/searches/${id}`)).body).toMatchObject({ state: 'failed' });
  });

  it('of a rerun cancels it, and shows it each time', async () => {
    const { id } = await createSearch();
    await runQueued(service().store, trainWell);
    const { items } = (await send('GET', `/v1/searches/${id}/trials`)).body as { items: TrialView[] };
    const rerun = (await send('POST', `/v1/trials/${items[0]?.id ?? ''}/reruns`)).body as TrialView;
    const { status, body } = await sendAgain(`/v1/trials/${rerun.id}/cancel`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: rerun.id, state: 'cancelled' });
  });
});
