import { randomUUID } from 'node:crypto';

import type {
  ClaimAnswer,
  ClaimRequest,
  ClaimResult,
  Problem,
  SearchRequestInput,
  TrialView,
} from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { useService } from '../service.ts';
import { searchResults } from './search-results.ts';

const service = useService();
const { post, advance, coefficients } = searchResults(service);

const epoch = {
  ...{ epoch: 1, step: 10, learningRate: 0.1, trainLoss: 1, trainAccuracy: 0.5 },
  ...{ validationLoss: 1, validationAccuracy: 0.5, seconds: 2 },
};

function startExternal(changes: Partial<SearchRequestInput> = {}) {
  return post({ trainings: 'external', strategy: 'full', seeds: [1], ...changes });
}

function send(path: string, payload: object) {
  return service().app.inject({ method: 'POST', url: `/v1/claims${path}`, payload });
}

async function claim(request: Partial<ClaimRequest> = {}): Promise<ClaimAnswer['claimed']> {
  const response = await send('', { worker: 'a laptop', ...request });
  expect(response.statusCode).toBe(200);
  return response.json<ClaimAnswer>().claimed;
}

/** A claim of a search with something to train. */
async function claimOf(searchId: string) {
  const claimed = await claim({ searchId });
  if (claimed === null) throw new Error('A trial waits');
  return claimed;
}

function end(claimId: string, result: ClaimResult) {
  return send(`/${claimId}/result`, result);
}

async function trial(id: string): Promise<TrialView> {
  return (await service().app.inject(`/v1/trials/${id}`)).json<TrialView>();
}

/** Lets a lease run out, as time does. */
async function expire(trialId: string): Promise<void> {
  await service().execute("UPDATE trial SET lease_expires_at = now() - interval '1 s' WHERE id = $1", [trialId]);
  await advance();
}

describe('POST /v1/claims', () => {
  it('lets two workers train a whole search, one of which vanishes, to its answer', async () => {
    const { id, candidates } = await startExternal({ seeds: [1, 2] });
    await expire((await claimOf(id)).trialId);
    const purposes: string[] = [];
    for (let claimed = await claim({ searchId: id }); claimed !== null; claimed = await claim({ searchId: id })) {
      const { seed, network, purpose } = claimed;
      purposes.push(purpose);
      const validationAccuracy = 0.5 + network.multipliers.depth / 10 + seed / 1000;
      const test = purpose === 'test' ? { testAccuracy: 0.6, steps: 30 } : {};
      const response = await end(claimed.claim, { validationAccuracy, validationLoss: 1, ...test });
      expect([response.statusCode, response.json()]).toEqual([200, { trialId: claimed.trialId, state: 'completed' }]);
      await advance();
    }
    expect(purposes).toEqual([...Array.from({ length: 2 * candidates }, () => 'ranking'), 'test', 'test']);
    expect(await coefficients(id)).toMatchObject({ state: 'completed', testAccuracy: { mean: 0.6 } });
    expect(await service().store.getSearch(id)).toMatchObject({ importedTrials: 2 * candidates + 2 });
  });

  it('tells all that is needed to train the trial, and shows who has it', async () => {
    const { id } = await startExternal();
    const claimed = await claimOf(id);
    expect(claimed).toMatchObject({ searchId: id, attempt: 1, purpose: 'ranking', seed: 1, leaseSeconds: 60 });
    expect(claimed.network.channels.length).toBe(claimed.network.repeats.length + 2);
    expect(claimed.baseline).toMatchObject({ name: 'efficientnet-micro' });
    expect(claimed.recipe.epochs).toBeGreaterThan(0);
    expect(await trial(claimed.trialId)).toMatchObject({ state: 'running', origin: 'imported', engine: null });
  });

  it('answers the same claim sent again with the same trial, and others with others', async () => {
    const { id } = await startExternal();
    const token = randomUUID();
    const [first, again, other] = [
      await claim({ searchId: id, token }),
      await claim({ searchId: id, token }),
      await claimOf(id),
    ];
    expect(again).toEqual(first);
    expect(other.trialId).not.toBe(first?.trialId);
  });

  it('has nothing of searches that are trained here, paused or unknown', async () => {
    const { id: here } = await post({ strategy: 'full', seeds: [1] });
    const { id: paused } = await startExternal();
    await service().app.inject({ method: 'POST', url: `/v1/searches/${paused}/pause` });
    for (const searchId of [here, paused, randomUUID(), 'none']) expect(await claim({ searchId })).toBeNull();
  });

  it('waits for a trial as long as it is asked to', async () => {
    const { id } = await startExternal();
    await service().app.inject({ method: 'POST', url: `/v1/searches/${id}/pause` });
    const waiting = claim({ searchId: id, waitSeconds: 30 });
    await service().app.inject({ method: 'POST', url: `/v1/searches/${id}/resume` });
    expect((await waiting)?.searchId).toBe(id);
  });

  it.each([
    [{}, 'worker'],
    [{ worker: 'a\u0000b' }, 'worker'],
    [{ worker: 'a', leaseSeconds: 1 }, 'leaseSeconds'],
    [{ worker: 'a', waitSeconds: 31 }, 'waitSeconds'],
    [{ worker: 'a', token: 'mine' }, 'token'],
  ])('refuses %j', async (body, field) => {
    const response = await send('', body);
    expect([response.statusCode, response.json<Problem>()]).toEqual([
      400,
      expect.objectContaining({ code: 'VALIDATION_FAILED', field }),
    ]);
  });
});

describe('a claim', () => {
  it('is held by signs of life, and shows how far the training is', async () => {
    const { claim: held, trialId } = await claimOf((await startExternal()).id);
    expect((await send(`/${held}/progress`, { step: 7 })).json()).toEqual({ state: 'held' });
    expect((await send(`/${held}/epochs`, epoch)).json()).toEqual({ state: 'held' });
    expect((await send(`/${held}/epochs`, epoch)).statusCode).toBe(200);
    const detail = (await service().app.inject(`/v1/trials/${trialId}`)).json<{ learningCurve: unknown[] }>();
    expect(detail).toMatchObject({ step: 10, learningCurve: [epoch] });
  });

  it.each([
    [{ ...epoch, step: 2 ** 31 }, 'step'],
    [{ ...epoch, epoch: 0 }, 'epoch'],
    [{ ...epoch, seconds: undefined }, 'seconds'],
  ])('takes no epoch that cannot be kept: %j', async (body, field) => {
    const { claim: held } = await claimOf((await startExternal()).id);
    const response = await send(`/${held}/epochs`, body);
    expect([response.statusCode, response.json<Problem>()]).toEqual([
      400,
      expect.objectContaining({ code: 'VALIDATION_FAILED', field }),
    ]);
  });

  it('that ran out has no say any more, and the trial goes to the next', async () => {
    const { id } = await startExternal();
    const late = await claimOf(id);
    await expire(late.trialId);
    expect((await send(`/${late.claim}/progress`, {})).json()).toEqual({ state: 'lost' });
    for (const [path, body] of [
      ['epochs', epoch],
      ['result', { validationAccuracy: 0.9 }],
      ['result', { failure: 'TRIAL_DIVERGED' }],
      ['release', {}],
    ] as const) {
      const response = await send(`/${late.claim}/${path}`, body);
      expect([path, response.statusCode, response.json<Problem>().code]).toEqual([path, 409, 'CLAIM_OVER']);
    }
    expect(await trial(late.trialId)).toMatchObject({ state: 'queued', attempt: 2, result: null });
  });

  it('learns that its search was cancelled', async () => {
    const { id } = await startExternal();
    const { claim: held } = await claimOf(id);
    await service().app.inject({ method: 'POST', url: `/v1/searches/${id}/cancel` });
    expect((await send(`/${held}/progress`, {})).json()).toEqual({ state: 'cancelled' });
    expect((await end(held, { validationAccuracy: 0.9 })).json<Problem>()).toMatchObject({
      code: 'CLAIM_OVER',
      detail: expect.stringContaining('cancelled') as string,
    });
  });

  it('takes the same end again, and no other one', async () => {
    const { claim: held } = await claimOf((await startExternal()).id);
    const result = { validationAccuracy: 0.75, validationLoss: 0.5 };
    expect((await end(held, result)).json()).toMatchObject({ state: 'completed' });
    expect((await end(held, result)).json()).toMatchObject({ state: 'completed' });
    expect((await end(held, { validationAccuracy: 0.76 })).statusCode).toBe(409);
  });

  it('ends as failed by the fault of the network, and goes to another worker where memory was short', async () => {
    const { id } = await startExternal();
    const [diverged, exhausted] = [await claimOf(id), await claimOf(id)];
    const failure = { failure: 'TRIAL_DIVERGED', message: 'the loss is NaN at step 3', steps: 3 } as const;
    expect((await end(diverged.claim, failure)).json()).toMatchObject({ state: 'failed' });
    expect(await trial(diverged.trialId)).toMatchObject({
      failure: { code: 'TRIAL_DIVERGED', message: 'the loss is NaN at step 3', step: 3 },
    });
    expect((await end(exhausted.claim, { failure: 'TRIAL_OUT_OF_MEMORY' })).json()).toMatchObject({ state: 'queued' });
    expect((await service().store.getSearch(id))?.importedTrials).toBe(1);
  });

  it('that is given back is no loss', async () => {
    const { id } = await startExternal();
    for (let round = 1; round <= 5; round++) {
      const { claim: held, attempt } = await claimOf(id);
      expect(attempt).toBe(round);
      expect((await send(`/${held}/release`, {})).statusCode).toBe(204);
      expect((await send(`/${held}/release`, {})).statusCode).toBe(204);
    }
  });

  it('counts a trial whose workers vanish three times among those from elsewhere, until it is retried', async () => {
    const { id, candidates } = await startExternal();
    for (let lost = 0; lost < 3; lost++) {
      for (let index = 0; index < candidates; index++) await expire((await claimOf(id)).trialId);
    }
    expect(await service().store.getSearch(id)).toMatchObject({ state: 'failed', importedTrials: candidates });
    await service().app.inject({ method: 'POST', url: `/v1/searches/${id}/retry-failed` });
    expect(await service().store.getSearch(id)).toMatchObject({ state: 'running', importedTrials: 0 });
  });

  it.each([
    [{}, 'validationAccuracy'],
    [{ validationAccuracy: 0.5, failure: 'TRIAL_DIVERGED' }, 'failure'],
    [{ validationAccuracy: 0.5, testAccuracy: 0.5 }, 'testAccuracy'],
    [{ validationAccuracy: 0.5 }, 'validationLoss'],
  ])('refuses the result %j, and holds on', async (result, field) => {
    const { claim: held } = await claimOf((await startExternal({ objective: { kind: 'loss' } })).id);
    const response = await end(held, result as ClaimResult);
    expect([response.statusCode, response.json<Problem>()]).toEqual([
      422,
      expect.objectContaining({ code: 'RESULT_INVALID', field }),
    ]);
    expect((await send(`/${held}/progress`, {})).json()).toEqual({ state: 'held' });
  });

  it.each(['none', `${randomUUID()}.${randomUUID()}`])('that nobody was given, %s, is over', async (unknown) => {
    expect((await send(`/${unknown}/progress`, {})).json()).toEqual({ state: 'lost' });
    expect((await end(unknown, { validationAccuracy: 0.5 })).statusCode).toBe(409);
  });
});
