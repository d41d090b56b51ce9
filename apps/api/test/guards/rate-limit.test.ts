import { describe, expect, it } from 'vitest';

import { hashSecret, makeSecret } from '../../src/access/secrets.ts';
import { useService } from '../service.ts';

const service = useService({ access: { mode: 'keys', requestsPerMinute: 3 } });

async function statuses(count: number, authorization: string | undefined, url = '/v1/searches'): Promise<number[]> {
  const all: number[] = [];
  for (let index = 0; index < count; index++) {
    const headers = authorization === undefined ? {} : { authorization };
    all.push((await service().app.inject({ url, headers })).statusCode);
  }
  return all;
}

describe('a limit of requests per minute', () => {
  it('holds for each key by itself', async () => {
    const [one, other] = [makeSecret(), makeSecret()];
    await service().store.addApiKey({ name: 'one', role: 'read' }, hashSecret(one));
    await service().store.addApiKey({ name: 'other', role: 'read' }, hashSecret(other));
    expect(await statuses(4, `Bearer ${one}`)).toEqual([200, 200, 200, 429]);
    expect(await statuses(1, `Bearer ${other}`)).toEqual([200]);
  });

  it('holds for those without a key, and with unknown ones, by their address, and says when to come again', async () => {
    expect(await statuses(2, undefined)).toEqual([401, 401]);
    expect(await statuses(2, `Bearer ${makeSecret()}`)).toEqual([401, 429]);
    const response = await service().app.inject({ url: '/v1/searches' });
    expect(response.json()).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('does not hold for probes', async () => {
    expect(await statuses(5, undefined, '/healthz')).toEqual([200, 200, 200, 200, 200]);
  });
});
