import { createClient } from '@compound-search/sdk';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { useService } from '../service.ts';

const service = useService({ allowedHosts: ['search.example.com'] });

const host = 'localhost:3210';

interface Headers extends Record<string, string | undefined> {
  readonly host?: string;
  readonly origin?: string;
  readonly 'sec-fetch-site'?: string;
}

async function send(method: 'GET' | 'POST', url: string, headers: Headers) {
  return service().app.inject({ method, url, headers: { host, ...headers } });
}

const fromElsewhere: [string, Headers, string][] = [
  ['a page of another site', { 'sec-fetch-site': 'cross-site', origin: 'http://evil.example' }, 'sec-fetch-site'],
  ['a page of another site that hides where', { 'sec-fetch-site': 'cross-site' }, 'sec-fetch-site'],
  ['a page on another port', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:8080' }, 'sec-fetch-site'],
  ['a browser that says what nobody knows', { 'sec-fetch-site': 'new' }, 'sec-fetch-site'],
  ['an older browser on another site', { origin: 'http://evil.example' }, 'origin'],
  ['an older browser on another port', { origin: 'http://localhost:8080' }, 'origin'],
  ['an older browser on the default port', { origin: 'http://localhost' }, 'origin'],
  ['a page without an origin', { origin: 'null' }, 'origin'],
  ['an origin that is none', { origin: 'localhost:3210' }, 'origin'],
  ['a name that begins alike', { origin: 'http://localhost:32100' }, 'origin'],
];

describe('a request that changes something', () => {
  it.each(fromElsewhere)('is refused from %s', async (_, headers, field) => {
    for (const url of ['/v1/searches/one/cancel', '/v1/searches', '/v1/trials/one/reruns', '/v1/plans']) {
      const response = await send('POST', url, headers);
      expect(response.statusCode).toBe(403);
      expect(response.json()).toMatchObject({ code: 'CROSS_SITE_REQUEST', field, value: headers[field] });
    }
    expect(await service().countRows()).toBe(0);
  });

  it.each([
    ['a client that is no browser', {}],
    ['a page of the service', { 'sec-fetch-site': 'same-origin', origin: `http://${host}` }],
    ['a person who typed it', { 'sec-fetch-site': 'none' }],
    ['an older browser on the same page', { origin: `http://${host}` }],
    ['an older browser, with the port of the scheme', { host: 'localhost:80', origin: 'http://localhost' }],
    [
      'an older browser, with the port of TLS',
      { host: 'search.example.com:443', origin: 'https://search.example.com' },
    ],
    [
      'a page behind a proxy that changes the host',
      { 'sec-fetch-site': 'same-origin', origin: 'https://search.example.com' },
    ],
  ])('is carried out for %s', async (_, headers) => {
    const response = await send('POST', '/v1/searches/one/cancel', headers);
    expect(response.json()).toMatchObject({ code: 'NOT_FOUND', field: 'id' });
  });

  it('is carried out for the client of this project', async () => {
    const { app } = service();
    const baseUrl = await app.listen({ host: '127.0.0.1', port: 0 });
    const plan = await createClient({ baseUrl }).plan(sampleRequest());
    expect(plan.candidates.length).toBeGreaterThan(0);
  });
});

describe('a request that only reads', () => {
  it.each(fromElsewhere)('is answered to %s, without leave to show it to that page', async (_, headers) => {
    const response = await send('GET', '/v1/searches', headers);
    expect(response.statusCode).toBe(200);
    expect(response.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('is not asked for beforehand with success', async () => {
    const response = await service().app.inject({
      method: 'OPTIONS',
      url: '/v1/searches',
      headers: { host, origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(response.statusCode).toBe(405);
    expect(Object.keys(response.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});
