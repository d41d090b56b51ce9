import { randomUUID } from 'node:crypto';

import type { SearchView } from '@compound-search/contracts';
import type { LightMyRequestResponse } from 'fastify';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { useService } from '../service.ts';

const service = useService();

async function post(changes: object = {}): Promise<SearchView> {
  const payload = { ...sampleRequest(), ...changes };
  return (await service().app.inject({ method: 'POST', url: '/v1/searches', payload })).json<SearchView>();
}

function change(id: string, payload: object): Promise<LightMyRequestResponse> {
  return service().app.inject({ method: 'PATCH', url: `/v1/searches/${id}`, payload });
}

describe('the priority of a search', () => {
  it('is 0 unless the request says another, which the search shows beside the request', async () => {
    expect(await post()).toMatchObject({ priority: 0, request: { priority: 0 } });
    expect(await post({ priority: -7 })).toMatchObject({ priority: -7, request: { priority: -7 } });
  });

  it('can be changed, which makes another revision; the same again changes nothing', async () => {
    const { id, revision } = await post({ priority: 3 });
    const changed = await change(id, { priority: 50 });
    expect(changed.statusCode).toBe(200);
    expect(changed.json()).toMatchObject({ id, priority: 50, request: { priority: 3 }, revision: revision + 1 });
    const again = await Promise.all([change(id, { priority: 50 }), change(id, { priority: 50 })]);
    expect(again.map((response) => response.json<SearchView>())).toEqual([changed.json(), changed.json()]);
  });

  it.each([{ priority: 101 }, { priority: 0.5 }, { priority: '1' }, {}, { state: 'completed' }])(
    'is refused where it is none: %j',
    async (changes) => {
      const { id, revision } = await post();
      const refused = await change(id, changes);
      expect(refused.statusCode).toBe(400);
      expect(refused.json()).toMatchObject({ code: 'VALIDATION_FAILED' });
      expect((await service().app.inject(`/v1/searches/${id}`)).json()).toMatchObject({ revision });
    },
  );

  it('of a search that does not exist cannot be changed', async () => {
    for (const id of [randomUUID(), 'none']) {
      const response = await change(id, { priority: 1 });
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ code: 'NOT_FOUND', field: 'id', value: id });
    }
  });
});
