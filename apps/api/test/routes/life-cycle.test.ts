import { randomUUID } from 'node:crypto';

import {
  type Problem,
  searchPhases,
  searchVerbs,
  type SearchView,
  searchViewSchema,
  type VerbOutcome,
  verbOutcomes,
} from '@compound-search/contracts';
import type { LightMyRequestResponse } from 'fastify';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { runQueued, trainWell } from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';

const service = useService();
const verbs = searchVerbs.filter((verb) => verb !== 'delete');

async function post(): Promise<SearchView> {
  const response = await service().app.inject({ method: 'POST', url: '/v1/searches', payload: sampleRequest() });
  return searchViewSchema.parse(response.json());
}

function send(id: string, verb: string): Promise<LightMyRequestResponse> {
  return service().app.inject({ method: 'POST', url: `/v1/searches/${id}/${verb}` });
}

function remove(id: string): Promise<LightMyRequestResponse> {
  return service().app.inject({ method: 'DELETE', url: `/v1/searches/${id}` });
}

describe('the verbs of a search', () => {
  it('answer with the search as it is then, twice the same', async () => {
    const { id } = await post();
    for (const [verb, state] of [
      ['pause', 'paused'],
      ['resume', 'running'],
      ['retry-failed', 'running'],
      ['stop', 'stopping'],
      ['cancel', 'cancelled'],
    ] as const) {
      const [one, other] = await Promise.all([send(id, verb), send(id, verb)]);
      expect([one.statusCode, other.statusCode]).toEqual([200, 200]);
      expect(searchViewSchema.parse(one.json())).toMatchObject({ id, state });
      expect(other.json()).toEqual(one.json());
    }
    await remove(id);
  });

  it('are refused with a code, the state and what to do instead', async () => {
    const { id } = await post();
    await send(id, 'cancel');
    for (const verb of ['pause', 'resume', 'stop', 'retry-failed']) {
      const response = await send(id, verb);
      expect(response.statusCode).toBe(409);
      const problem = response.json<Problem>();
      expect(problem).toMatchObject({ code: 'SEARCH_ENDED', field: 'state', value: 'cancelled' });
      expect(problem.detail).toBe(`Search ${id} has already ended as cancelled`);
      expect(problem.remedy).toContain('/extensions');
    }
  });

  it.each(verbs)('know no search that does not exist: %s', async (verb) => {
    for (const id of [randomUUID(), 'none']) {
      const response = await send(id, verb);
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ code: 'NOT_FOUND', field: 'id', value: id });
    }
  });

  it('put the trials of a search on the queue again that is resumed', async () => {
    const { id, trials } = await post();
    await send(id, 'pause');
    const before = await service().queue.counts();
    await send(id, 'resume');
    expect((await service().queue.counts()).waiting).toBe(before.waiting + trials.queued);
    await send(id, 'cancel');
  });

  it('say for each of them with which codes it may be refused', async () => {
    const { paths } = (await service().app.inject('/openapi.json')).json<{
      paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
    }>();
    for (const verb of searchVerbs) {
      const operation =
        verb === 'delete' ? paths['/v1/searches/{id}']?.['delete'] : paths[`/v1/searches/{id}/${verb}`]?.['post'];
      const outcomes = searchPhases.map((phase): VerbOutcome => verbOutcomes[phase][verb]);
      const codes = outcomes.filter((outcome) => /^[A-Z]/.test(outcome));
      expect(new Set(operation?.responses['409']?.description.split(', '))).toEqual(new Set(codes));
    }
  });
});

describe('DELETE /v1/searches/{id}', () => {
  it('leaves nothing of the search, and says so again', async () => {
    const { id } = await post();
    const [trial] = (await service().store.listTrials(id, { limit: 1 }))?.items ?? [];
    await send(id, 'cancel');
    const [one, other] = await Promise.all([remove(id), remove(id)]);
    for (const response of [one, other, await remove(id)]) {
      expect(response.statusCode).toBe(204);
      expect(response.body).toBe('');
    }
    for (const path of ['', '/leaderboard', '/coefficients', '/trials', '/decisions', '/results?format=csv']) {
      expect((await service().app.inject(`/v1/searches/${id}${path}`)).statusCode).toBe(404);
    }
    expect((await service().app.inject(`/v1/trials/${trial?.id ?? ''}`)).statusCode).toBe(404);
  });

  it('is refused while the search has not ended, and changes nothing', async () => {
    const search = await post();
    const response = await remove(search.id);
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({ code: 'SEARCH_NOT_ENDED', field: 'state', value: 'running' });
    expect((await service().app.inject(`/v1/searches/${search.id}`)).json()).toEqual(search);
    await send(search.id, 'cancel');
    await remove(search.id);
  });

  it('keeps what other searches have taken over or go on from', async () => {
    const { id } = await post();
    await runQueued(service().store, trainWell);
    await service().store.endSearch({ searchId: id, state: 'failed', answer: null });
    const url = `/v1/searches/${id}/extensions`;
    const extension = await service().app.inject({ method: 'POST', url, payload: { seeds: [9] } });
    expect(extension.statusCode).toBe(202);
    const { id: next } = extension.json<SearchView>();
    expect((await remove(id)).statusCode).toBe(204);
    expect((await service().app.inject(`/v1/searches/${next}`)).json()).toMatchObject({ id: next, extends: null });
  });

  it('knows no search that there never was', async () => {
    const response = await remove(randomUUID());
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'NOT_FOUND' });
  });
});
