import type { Problem } from '@compound-search/contracts';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';

import { buildApp } from '../../src/app.ts';
import { useService } from '../service.ts';

const service = useService();

describe('an unexpected error', () => {
  it('is told as INTERNAL without its message, and logged in full under its instance', async () => {
    const secret = 'password=hunter2';
    const lines: Record<string, unknown>[] = [];
    const app = await buildApp({
      store: {
        ...service().store,
        getRevision: () => Promise.resolve(1),
        getSearch: () => Promise.reject(new TypeError(secret)),
      },
      queue: service().queue,
      limits: { maximumCandidates: 1 },
      bodyLimit: 1e6,
      logger: pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) }),
    });
    onTestFinished(() => app.close());
    const response = await app.inject('/v1/searches/one');
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain(secret);
    const { code, instance } = response.json<Problem>();
    expect(code).toBe('INTERNAL');
    const logged = lines.find(({ reqId, level }) => `urn:uuid:${String(reqId)}` === instance && level === 50);
    expect(JSON.stringify(logged)).toContain(secret);
  });

  it('is also told so when an answer does not fit its schema', async () => {
    const app = await buildApp({
      store: {
        ...service().store,
        getRevision: () => Promise.resolve(1),
        getSearch: () => Promise.resolve({ id: 'half' } as never),
      },
      queue: service().queue,
      limits: { maximumCandidates: 1 },
      bodyLimit: 1e6,
      logger: pino({ level: 'silent' }),
    });
    onTestFinished(() => app.close());
    const response = await app.inject('/v1/searches/half');
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({ code: 'INTERNAL' });
  });
});

describe('a refused request', () => {
  it('is logged with its code and field, and gets an instance of its own', async () => {
    const instances = new Set<string | undefined>();
    for (let count = 0; count < 2; count++) {
      const problem = (await service().app.inject('/v1/searches/nowhere')).json<Problem>();
      instances.add(problem.instance);
      const logged = service().log.find(({ reqId }) => `urn:uuid:${String(reqId)}` === problem.instance);
      expect(logged).toBeDefined();
    }
    expect(instances.size).toBe(2);
    expect(service().log).toContainEqual(expect.objectContaining({ code: 'NOT_FOUND', field: 'id' }));
  });
});

describe('an answer to many faults', () => {
  it('is small, and counts them', async () => {
    const payload = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`x${index}`, 1]));
    const response = await service().app.inject({ method: 'POST', url: '/v1/plans', payload });
    const problem = response.json<Problem>();
    expect(problem.detail).toBe('baseline is missing (and 20002 more, errors lists the first 100)');
    expect(problem.errors).toHaveLength(100);
    expect(response.rawPayload.length).toBeLessThan(20_000);
  });
});

describe('a path that the service does not have', () => {
  it.each(['/', '/v1', '/v1/search', '/v2/searches', '/v1/searches/a/b', '/v1/searches/', '/v1/searches/%E0%A4%A'])(
    'answers %s with NOT_FOUND as a problem document',
    async (url) => {
      const response = await service().app.inject(url);
      expect(response.statusCode).toBe(404);
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(response.json()).toMatchObject({ code: 'NOT_FOUND', status: 404 });
    },
  );

  it('answers an identifier that is far too long in the same way', async () => {
    const response = await service().app.inject(`/v1/searches/${'x'.repeat(5000)}`);
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a method that a path does not offer', () => {
  it.each([
    ['DELETE', '/v1/searches', 'GET, HEAD, POST'],
    ['PUT', '/v1/searches/one', 'GET, HEAD, DELETE, PATCH'],
    ['GET', '/v1/searches/one/cancel', 'POST'],
    ['GET', '/v1/plans', 'POST'],
    ['PUT', '/v1/baselines', 'GET, HEAD, POST'],
    ['PATCH', '/readyz', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
  ] as const)('answers %s %s with METHOD_NOT_ALLOWED and Allow: %s', async (method, url, allow) => {
    const response = await service().app.inject({ method, url, payload: '{"cut', headers: { 'content-type': 'x/y' } });
    expect(response.statusCode).toBe(405);
    expect(response.headers.allow).toBe(allow);
    expect(response.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED', field: 'method', value: method });
  });
});
