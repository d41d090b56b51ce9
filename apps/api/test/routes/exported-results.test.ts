import type { SearchView } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { diverge, engine, runQueued, trainWell } from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';

const service = useService();

function get(url: string) {
  return service().app.inject({ method: 'GET', url });
}

/** A search of two seeds, of which every training with the second diverges. */
async function trainedSearch(): Promise<SearchView> {
  const payload = sampleRequest({ seeds: [1, 2] });
  const search = (await service().app.inject({ method: 'POST', url: '/v1/searches', payload })).json<SearchView>();
  await runQueued(service().store, (specification) =>
    specification.seed === 2 ? diverge() : trainWell(specification),
  );
  return search;
}

describe('GET /v1/searches/:id/results', () => {
  it('has a line for each trial with its network, seed, state and result', async () => {
    const search = await trainedSearch();
    const response = await get(`/v1/searches/${search.id}/results`);
    expect(response.headers['content-type']).toBe('application/jsonl');
    const lines = response.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(search.trials.total);
    expect(lines.filter(({ state }) => state === 'completed')).toHaveLength(search.candidates);
    for (const line of lines) {
      const trial = await service().store.getTrial(String(line['trialId']));
      expect(line).toMatchObject({
        seed: trial?.seed,
        state: trial?.state,
        validationAccuracy: trial?.result?.validationAccuracy ?? null,
        failure: trial?.failure?.code ?? null,
        engine: engine.fingerprint,
        takenOverFrom: null,
      });
    }
  });

  it('is the same as comma-separated values, with one header', async () => {
    const { id, trials } = await trainedSearch();
    const response = await get(`/v1/searches/${id}/results?format=csv`);
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    const [header = '', ...rows] = response.body.trimEnd().split('\r\n');
    expect(header.split(',').slice(0, 3)).toEqual(['trialId', 'purpose', 'fingerprint']);
    expect(rows).toHaveLength(trials.total);
    const json = (await get(`/v1/searches/${id}/results?format=jsonl`)).body.trimEnd().split('\n');
    expect(rows.map((row) => row.split(',')[0])).toEqual(
      json.map((line) => (JSON.parse(line) as Record<string, unknown>)['trialId']),
    );
  });

  it('refuses another format, and a search that does not exist', async () => {
    expect((await get('/v1/searches/none/results')).statusCode).toBe(404);
    expect((await get('/v1/searches/none/results?format=xml')).statusCode).toBe(400);
  });
});
