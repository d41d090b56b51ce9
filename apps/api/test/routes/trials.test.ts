import { type SearchView, trialDetailSchema, trialLogSchema, type TrialView } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import {
  claimNext,
  diverge,
  engine,
  runQueued,
  steps,
  trainWell,
} from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';

const service = useService();

interface TrialPage {
  readonly items: TrialView[];
  readonly next: string | null;
}

async function post(): Promise<SearchView> {
  return (
    await service().app.inject({ method: 'POST', url: '/v1/searches', payload: sampleRequest() })
  ).json<SearchView>();
}

async function listAll(searchId: string, query = ''): Promise<TrialView[]> {
  const trials: TrialView[] = [];
  let cursor = '';
  for (;;) {
    const response = await service().app.inject(`/v1/searches/${searchId}/trials?limit=3${query}${cursor}`);
    expect(response.statusCode).toBe(200);
    const page = response.json<TrialPage>();
    trials.push(...page.items);
    if (page.next === null) return trials;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
}

describe('GET /v1/searches/{id}/trials', () => {
  it('lists every trial of the search once, one for each candidate and seed, without learning curves', async () => {
    const search = await post();
    const trials = await listAll(search.id);
    expect(trials).toHaveLength(search.trials.total);
    expect(new Set(trials.map(({ candidateId, seed }) => `${candidateId} ${seed}`)).size).toBe(search.trials.total);
    expect(new Set(trials.map(({ seed }) => seed))).toEqual(new Set(search.request.seeds));
    for (const trial of trials) {
      expect(trial).toMatchObject({ searchId: search.id, purpose: 'ranking', state: 'queued', attempt: 1, step: 0 });
      expect(trial).not.toHaveProperty('learningCurve');
    }
    await service().store.cancelSearch(search.id);
  });

  it('lists the trials of one state alone', async () => {
    const search = await post();
    const running = await claimNext(service().store);
    const listed = await listAll(search.id, '&state=running');
    expect(listed.map(({ id }) => id)).toEqual([running?.specification.trialId]);
    expect(await listAll(search.id, '&state=failed')).toEqual([]);
    await service().store.cancelSearch(search.id);
  });

  it('shows what a failed trial failed with', async () => {
    const search = await post();
    await runQueued(service().store, diverge);
    const failed = await listAll(search.id, '&state=failed');
    expect(failed).toHaveLength(search.trials.total);
    expect(failed[0]?.failure).toEqual({ code: 'TRIAL_DIVERGED', message: 'The loss is NaN', step: 3 });
  });

  it('refuses a state that no trial has', async () => {
    const { id } = await post();
    const response = await service().app.inject(`/v1/searches/${id}/trials?state=sleeping`);
    expect(response.statusCode).toBe(400);
    const problem: unknown = response.json();
    expect(problem).toMatchObject({ code: 'VALIDATION_FAILED', field: 'state', value: 'sleeping' });
    expect(problem).toMatchObject({ remedy: expect.stringContaining('"running"') as string });
    await service().store.cancelSearch(id);
  });
});

describe('GET /v1/trials/{id}', () => {
  it('shows a trial with its engine, result and learning curve', async () => {
    const search = await post();
    const [specification] = await runQueued(service().store, trainWell);
    const response = await service().app.inject(`/v1/trials/${specification?.trialId ?? ''}`);
    expect(response.statusCode).toBe(200);
    const trial = trialDetailSchema.parse(response.json());
    expect(trial).toMatchObject({
      id: specification?.trialId,
      searchId: search.id,
      state: 'completed',
      seed: specification?.seed,
      multipliers: specification?.multipliers,
      step: steps,
      steps,
      engine,
      failure: null,
    });
    expect(trial.learningCurve.map(({ epoch, validationAccuracy }) => ({ epoch, validationAccuracy }))).toEqual([
      { epoch: 1, validationAccuracy: 0.4 },
    ]);
  });

  it('answers NOT_FOUND for a trial that does not exist', async () => {
    for (const id of ['0b5f1f0a-8f0d-4a4e-9d6e-3f0d6b1b7a11', 'first']) {
      const response = await service().app.inject(`/v1/trials/${id}`);
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ code: 'NOT_FOUND', field: 'id', value: id });
    }
  });
});

describe('GET /v1/trials/{id}/log', () => {
  it('tells of each attempt, also of one that was lost before the trial completed', async () => {
    const { store, app } = service();
    const search = await post();
    const first = await claimNext(store);
    const { trialId = '' } = first?.specification ?? {};
    const failure = { code: 'TRIAL_LOST', message: 'The process died', step: null } as const;
    const words = { warnings: ['The disk is slow'], lastWords: 'Killed' };
    await store.failTrial({ trialId, token: first?.token ?? '', failure, words });
    await runQueued(store, trainWell);
    const response = await app.inject(`/v1/trials/${trialId}/log`);
    expect(response.statusCode).toBe(200);
    const log = trialLogSchema.parse(response.json());
    expect(log).toMatchObject({
      trialId,
      attempts: [
        { attempt: 1, workerId: 'simulated', outcome: 'lost', failure, ...words },
        { attempt: 2, workerId: 'simulated', outcome: 'completed', failure: null, lastWords: null },
      ],
    });
    expect((await store.getSearch(search.id))?.trials.completed).toBe(search.trials.total);
  });

  it('needs the role read, and answers NOT_FOUND for a trial that does not exist', async () => {
    expect(service().app.neededRoles.get('GET /v1/trials/:id/log')).toBe('read');
    const response = await service().app.inject('/v1/trials/first/log');
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'NOT_FOUND', field: 'id', value: 'first' });
  });
});
