import { describe, expect, it } from 'vitest';

import { useService } from '../service.ts';

const page = 'https://dashboard.example.com';

describe('answers to browsers', () => {
  const service = useService();

  it('are to be framed nowhere, taken for nothing else, and not sent on by name, errors included', async () => {
    for (const url of ['/v1/searches', '/v1/none', '/healthz']) {
      const { headers } = await service().app.inject(url);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'cross-origin-resource-policy': 'same-origin',
      });
    }
  });

  it('let the documentation load its own scripts and nobody else’s', async () => {
    const { headers, statusCode } = await service().app.inject('/docs/');
    expect(statusCode).toBe(200);
    expect(headers['content-security-policy']).toContain("script-src 'self'");
  });

  it('are read by pages of no other site', async () => {
    const { headers } = await service().app.inject({ url: '/v1/searches', headers: { origin: page } });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('origins that are allowed', () => {
  const service = useService({ allowedOrigins: [page] });
  const post = (origin: string) =>
    service().app.inject({
      method: 'POST',
      url: '/v1/networks',
      headers: { origin, 'sec-fetch-site': 'cross-site' },
      payload: { baseline: 'efficientnet-b0' },
    });

  it('may send and read, after asking', async () => {
    const asked = await service().app.inject({
      method: 'OPTIONS',
      url: '/v1/networks',
      headers: { origin: page, 'access-control-request-method': 'POST' },
    });
    expect(asked.statusCode).toBe(204);
    expect(asked.headers['access-control-allow-origin']).toBe(page);
    const answer = await post(page);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBe(page);
  });

  it('are exactly those', async () => {
    const answer = await post('https://dashboard.example.com.evil.example');
    expect(answer.statusCode).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });
});
