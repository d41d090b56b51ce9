import { createClient } from '@compound-search/sdk';
import { describe, expect, it } from 'vitest';

import { serve } from './scripted-service.ts';

describe('a client that claims', () => {
  it('sends a claim whose answer was lost again with the same token, and another one with another', async () => {
    const bodies: unknown[] = [];
    const service = await serve((request) => {
      bodies.push(JSON.parse(request.body));
      return bodies.length === 1 ? { status: 503, body: {} } : { status: 200, body: { claimed: null } };
    });
    const client = createClient(service);
    expect(await client.claimTrial({ worker: 'node-7' })).toBeNull();
    expect(await client.claimTrial({ worker: 'node-7' })).toBeNull();
    const [first, again, other] = bodies as { token: string }[];
    expect(again).toEqual(first);
    expect(other?.token).not.toBe(first?.token);
  });

  it('tells of its trial at the address of its claim', async () => {
    const service = await serve(({ url }) =>
      url.endsWith('/release')
        ? { status: 204, body: undefined }
        : { status: 200, body: url.endsWith('/result') ? { trialId: 't', state: 'completed' } : { state: 'held' } },
    );
    const client = createClient(service);
    expect(await client.holdClaim('t.1', { step: 3 })).toEqual({ state: 'held' });
    expect(await client.endClaim('t.1', { validationAccuracy: 0.5 })).toEqual({ trialId: 't', state: 'completed' });
    await client.releaseClaim('t.1');
    expect(service.received.map(({ url }) => url)).toEqual([
      '/v1/claims/t.1/progress',
      '/v1/claims/t.1/result',
      '/v1/claims/t.1/release',
    ]);
  });
});
