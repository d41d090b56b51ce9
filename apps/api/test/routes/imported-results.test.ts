import type {
  ImportedResults,
  Leaderboard,
  Problem,
  SearchRequestInput,
  SearchView,
  TrialView,
} from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { useService } from '../service.ts';

const service = useService();

async function startExternal(changes: Partial<SearchRequestInput> = {}): Promise<SearchView> {
  const payload = sampleRequest({ trainings: 'external', seeds: [1], ...changes });
  const response = await service().app.inject({ method: 'POST', url: '/v1/searches', payload });
  expect(response.statusCode).toBe(202);
  return response.json();
}

function post(searchId: string, payload: string, type = 'application/jsonl', query = '') {
  const url = `/v1/searches/${searchId}/results${query}`;
  return service().app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });
}

/** The trials that wait, as exported lines. */
async function waiting(searchId: string): Promise<Record<string, unknown>[]> {
  const url = `/v1/searches/${searchId}/results?state=queued`;
  const { body } = await service().app.inject({ method: 'GET', url });
  return body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function linesOf(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

describe('POST /v1/searches/:id/results', () => {
  it('ends the trials of a search that is trained elsewhere, and marks them', async () => {
    const { id, trials, candidates } = await startExternal();
    const lines = (await waiting(id)).map((line, index) => ({ ...line, validationAccuracy: 0.5 + index / 100 }));
    expect(lines).toHaveLength(trials.total);

    const response = await post(id, linesOf(lines));
    expect(response.statusCode).toBe(200);
    const done = { searchId: id, imported: candidates, repeated: 0, unassigned: 0, withoutResult: 0 };
    expect(response.json()).toEqual(done);
    expect((await post(id, linesOf(lines))).json()).toEqual({ ...done, imported: 0, repeated: candidates });

    const list = await service().app.inject({ method: 'GET', url: `/v1/searches/${id}/trials` });
    for (const trial of list.json<{ items: TrialView[] }>().items) {
      expect(trial).toMatchObject({ state: 'completed', origin: 'imported', engine: null });
    }
    const leaderboard = await service().app.inject({ method: 'GET', url: `/v1/searches/${id}/leaderboard` });
    const best = 0.5 + (candidates - 1) / 100;
    expect(leaderboard.json<Leaderboard>().rows[0]).toMatchObject({ rank: 1, validationAccuracy: { mean: best } });
    expect((await service().store.getSearch(id))?.importedTrials).toBe(candidates);
  });

  it('takes comma-separated values with the points of the candidates', async () => {
    const { id } = await startExternal();
    const [line] = await waiting(id);
    const text = `alpha,beta,gamma,seed,validationAccuracy\n${String(line?.['alpha'])},${String(line?.['beta'])},${String(line?.['gamma'])},1,0.75\n`;
    expect((await post(id, text, 'text/csv; charset=utf-8')).json<ImportedResults>().imported).toBe(1);
  });

  it('refuses a faulty line with its number, and stores none of the others', async () => {
    const { id } = await startExternal();
    const lines = (await waiting(id)).map((line) => ({ ...line, validationAccuracy: 0.5 }));
    const rows = await service().countRows();
    const response = await post(id, linesOf([...lines.slice(0, 2), { ...lines[2], validationAccuracy: 1.5 }]));
    expect(response.statusCode).toBe(422);
    expect(response.json<Problem>()).toMatchObject({
      code: 'RESULT_INVALID',
      detail: 'Line 3: validationAccuracy must be at most 1',
      field: 'lines[3].validationAccuracy',
      value: 1.5,
      remedy: 'Give a value of at most 1.',
      errors: [{ field: 'lines[3].validationAccuracy', detail: 'must be at most 1', value: 1.5 }],
    });
    expect(await service().countRows()).toBe(rows);
    expect((await service().store.getSearch(id))?.trials.queued).toBe(lines.length);
  });

  it('refuses another result of a trial that has ended, and one that is not assigned unless told to leave it out', async () => {
    const { id } = await startExternal();
    const [line] = await waiting(id);
    await post(id, linesOf([{ ...line, validationAccuracy: 0.5 }]));
    const other = await post(id, linesOf([{ ...line, validationAccuracy: 0.6 }]));
    expect(other.statusCode).toBe(409);
    expect(other.json<Problem>()).toMatchObject({
      code: 'RESULT_CONFLICT',
      detail: 'Line 1: seed is of a trial that has ended with another result',
      field: 'lines[1].seed',
    });

    const test = { ...line, purpose: 'test', validationAccuracy: 0.5, testAccuracy: 0.4 };
    const early = await post(id, linesOf([test]));
    expect(early.statusCode).toBe(422);
    expect(early.json<Problem>().remedy).toContain('?unassigned=skip');
    const skipped = await post(id, linesOf([test]), 'application/x-ndjson', '?unassigned=skip');
    expect(skipped.json()).toMatchObject({ imported: 0, unassigned: 1 });
  });

  it('answers 404 for no search, 415 for other types, 400 for a query that it does not know', async () => {
    const { id } = await startExternal();
    expect((await post('none', '{}')).statusCode).toBe(404);
    const json = await post(id, '{}', 'application/json');
    expect(json.statusCode).toBe(415);
    expect(json.json<Problem>()).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE', field: 'content-type' });
    expect(json.json<Problem>().remedy).toContain('application/jsonl');
    expect((await post(id, '', 'application/jsonl', '?unassigned=maybe')).statusCode).toBe(400);
    const none = await service().app.inject({ method: 'POST', url: `/v1/searches/${id}/results` });
    expect(none.json()).toMatchObject({ code: 'RESULT_INVALID', field: 'body' });
  });

  it('reads what is larger than other bodies may be, and refuses what is larger than it reads', async () => {
    const { id } = await startExternal();
    const [line] = await waiting(id);
    const blank = ' '.repeat(60_000);
    const long = `${`${blank}\n`.repeat(20)}${JSON.stringify({ ...line, validationAccuracy: 0.5 })}\n`;
    expect((await post(id, long)).json()).toMatchObject({ imported: 1 });
    const tooLong = await post(id, `${blank}\n`.repeat(1150));
    expect(tooLong.statusCode).toBe(413);
    expect(tooLong.json<Problem>()).toMatchObject({ code: 'BODY_TOO_LARGE', remedy: 'Send them in several parts.' });
  });
});

describe('a search that is trained elsewhere', () => {
  it('may be over images that the service does not have', async () => {
    const data = { height: 32, width: 40, channels: 3, classes: 7 };
    const search = await startExternal({ dataset: 'ours', data });
    expect(search.request).toMatchObject({ dataset: 'ours', data, trainings: 'external' });
    expect(search.trials.queued).toBe(search.candidates);
  });

  it('is refused with rungs, and one that is trained here with described images', async () => {
    const send = async (changes: Partial<SearchRequestInput>): Promise<Problem> => {
      const response = await service().app.inject({
        ...{ method: 'POST', url: '/v1/searches', payload: sampleRequest(changes) },
      });
      expect(response.statusCode).toBe(400);
      return response.json();
    };
    expect(await send({ trainings: 'external', strategy: { kind: 'halving' } })).toMatchObject({ field: 'strategy' });
    const data = { height: 32, width: 32, channels: 3, classes: 7 };
    expect(await send({ data })).toMatchObject({ field: 'data' });
    const response = await service().app.inject({
      method: 'POST',
      url: '/v1/searches',
      payload: sampleRequest({ trainings: 'external', dataset: 'ours' }),
    });
    expect(response.json()).toMatchObject({ code: 'UNKNOWN_DATASET' });
  });

  it('has no trial to rerun', async () => {
    const { id } = await startExternal();
    const [line] = await waiting(id);
    await post(id, linesOf([{ ...line, validationAccuracy: 0.5 }]));
    const url = `/v1/trials/${String(line?.['trialId'])}/reruns`;
    const response = await service().app.inject({ method: 'POST', url });
    expect(response.statusCode).toBe(409);
    expect(response.json()).toMatchObject({ code: 'TRIAL_IMPORTED' });
  });
});
