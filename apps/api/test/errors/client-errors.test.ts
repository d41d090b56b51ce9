import { EventEmitter, once } from 'node:events';
import { METHODS } from 'node:http';

import type { ModelRecord, Store } from '@compound-search/store';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';

import { buildApp } from '../../src/app.ts';
import { connectTo, exchange, problemOf, readAnswers } from '../raw-http.ts';
import { useService } from '../service.ts';

const service = useService();

const close = 'Host: localhost\r\nConnection: close\r\n';
const malformed = { status: 400, code: 'MALFORMED_REQUEST' };

function getWith(header: string, target = '/healthz'): string {
  return `GET ${target} HTTP/1.1\r\n${close}${header}\r\n\r\n`;
}
function postWith(header: string, body = ''): string {
  return `POST /v1/plans HTTP/1.1\r\n${close}Content-Type: application/json\r\n${header}\r\n\r\n${body}`;
}

/** The service with some verbs of its store replaced. */
async function buildWith(changes: Partial<Store>): Promise<FastifyInstance> {
  const { store, queue } = service();
  const app = await buildApp({
    store: { ...store, ...changes },
    queue,
    limits: { maximumCandidates: 1 },
    bodyLimit: 1e6,
    logger: pino({ level: 'silent' }),
  });
  onTestFinished(() => app.close());
  return app;
}

describe('a request that is no HTTP as the service reads it', () => {
  it.each([
    ['a line that is no request', 'GARBAGE\r\n\r\n', malformed],
    ['bytes of another protocol', Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3]), malformed],
    ['a method that there is not', `FOO /healthz HTTP/1.1\r\n${close}\r\n`, malformed],
    ['another version', `GET /healthz HTTP/3.0\r\n${close}\r\n`, malformed],
    ['a header without a name', getWith(': x'), malformed],
    ['a header with a NUL', getWith('X: a\0b'), malformed],
    ['both ways to tell the length', postWith('Content-Length: 2\r\nTransfer-Encoding: chunked', '{}'), malformed],
    ['two lengths', postWith('Content-Length: 2\r\nContent-Length: 3', '{}'), malformed],
    ['a length that is none', postWith('Content-Length: two', '{}'), malformed],
    ['a chunk that is none', postWith('Transfer-Encoding: chunked', 'xyz\r\n{}\r\n0\r\n\r\n'), malformed],
    ['an unknown coding', postWith('Transfer-Encoding: gzip', '{}'), malformed],
    ['headers that are too long', getWith(`X: ${'x'.repeat(20_000)}`), { status: 431, code: 'HEADERS_TOO_LARGE' }],
    [
      'a target that is too long',
      getWith('X: x', `/${'x'.repeat(20_000)}`),
      { status: 431, code: 'HEADERS_TOO_LARGE' },
    ],
    ['no host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', { ...malformed, field: 'host' }],
    ['two hosts', getWith('Host: other'), { ...malformed, field: 'host' }],
    [
      'an expectation that is not met',
      getWith('Expect: a-miracle'),
      { status: 417, code: 'EXPECTATION_FAILED', field: 'expect', value: 'a-miracle' },
    ],
    ['a path that is none', getWith('X: x', '/%ff'), { status: 404, code: 'NOT_FOUND' }],
    ['the server as a whole', `OPTIONS * HTTP/1.1\r\n${close}\r\n`, { status: 404, code: 'NOT_FOUND' }],
  ])('is answered with a problem document: %s', async (_, bytes, problem) => {
    const answers = await exchange(service().app, bytes);
    expect(answers).toHaveLength(1);
    expect(answers[0]?.status).toBe(problem.status);
    expect(problemOf(answers[0])).toMatchObject(problem);
    expect(service().log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('is logged under the instance that the answer names', async () => {
    const [answer] = await exchange(service().app, 'GARBAGE\r\n\r\n');
    const { instance } = problemOf(answer);
    const logged = service().log.find(({ reqId }) => `urn:uuid:${String(reqId)}` === instance);
    expect(logged).toMatchObject({ code: 'MALFORMED_REQUEST', reason: 'HPE_INVALID_METHOD' });
  });

  it('ends the connection without a word where another answer is half sent', async () => {
    const busy = new EventEmitter();
    const app = await buildWith({
      getModel: () => Promise.resolve({ trial: { state: 'completed' }, bytes: 10 } as ModelRecord),
      savedModelPart: async (_id, ordinal) => {
        if (ordinal === 0) return new TextEncoder().encode('half ');
        await once(busy, 'never');
        return null;
      },
    });
    const socket = await connectTo(app);
    const answers = readAnswers(socket);
    socket.write(getWith('X: x', '/v1/models/one/saved_model.pb'));
    await once(socket, 'data');
    socket.write('GARBAGE\r\n\r\n');
    expect(await answers).toMatchObject([{ status: 200, body: 'half ' }]);
  });
});

describe('a request that is HTTP in an unusual form', () => {
  it.each([
    ['without a host in HTTP/1.0', 'GET /healthz HTTP/1.0\r\n\r\n', 200],
    ['with an absolute target', `GET http://localhost/healthz HTTP/1.1\r\n${close}\r\n`, 200],
    ['that asks whether to send its body', postWith('Expect: 100-continue\r\nContent-Length: 2', '[]'), 400],
    ['in chunks', postWith('Transfer-Encoding: chunked', '2\r\n[]\r\n0\r\n\r\n'), 400],
    ['that would change the protocol', getWith('Upgrade: h2c'), 200],
  ])('is answered %s', async (_, bytes, status) => {
    expect(await exchange(service().app, bytes)).toMatchObject([{ status }]);
  });

  it('is answered one by one when several come at once', async () => {
    const one = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const answers = await exchange(service().app, one + one + getWith('X: x', '/nowhere'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
  });
});

describe('a client that goes while it sends its body', () => {
  it('is no error of the service', async () => {
    const { app, log } = service();
    const before = log.length;
    const socket = await connectTo(app);
    socket.write(postWith('Content-Length: 100', '{"base'));
    await expect.poll(() => log.slice(before).map(({ msg }) => msg)).toContain('incoming request');
    socket.destroy();
    await expect.poll(() => log.slice(before).map(({ code }) => code)).toContain('MALFORMED_REQUEST');
    expect(log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});

describe('any other method of HTTP', () => {
  // CONNECT asks for a tunnel and never reaches a path.
  const methods = METHODS.filter((method) => method !== 'CONNECT');

  it.each([
    ['/v1/searches', ['GET', 'HEAD', 'POST']],
    ['/v1/searches/one/cancel', ['POST']],
    ['/healthz', ['GET', 'HEAD']],
  ])('is answered on %s with METHOD_NOT_ALLOWED and what is allowed', async (path, allowed) => {
    for (const method of methods.filter((one) => !allowed.includes(one))) {
      const [answer] = await exchange(service().app, `${method} ${path} HTTP/1.1\r\n${close}\r\n`);
      expect({ method, status: answer?.status, allow: answer?.headers['allow'] }).toEqual({
        method,
        status: 405,
        allow: allowed.join(', '),
      });
      if (method !== 'HEAD') expect(problemOf(answer)).toMatchObject({ code: 'METHOD_NOT_ALLOWED', value: method });
    }
  });

  it('is answered with NOT_FOUND on a path that there is not', async () => {
    for (const method of methods) {
      const [answer] = await exchange(service().app, `${method} /nowhere HTTP/1.1\r\n${close}\r\n`);
      expect({ method, status: answer?.status }).toEqual({ method, status: 404 });
      if (method !== 'HEAD') expect(problemOf(answer)).toMatchObject({ code: 'NOT_FOUND' });
    }
  });
});

describe('a request that comes while the service stops', () => {
  it('is refused with SERVICE_STOPPING, and the one before it is answered', async () => {
    const busy = new EventEmitter();
    const app = await buildWith({
      listSearches: async () => {
        busy.emit('asked');
        await once(busy, 'answer');
        return { items: [], next: null };
      },
    });
    const socket = await connectTo(app);
    const answers = readAnswers(socket);
    const asked = once(busy, 'asked');
    socket.write('GET /v1/searches HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await asked;
    const closed = app.close();
    const second = once(app.server, 'request');
    socket.write('GET /v1/datasets HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await second;
    busy.emit('answer');
    const [answered, refused] = await answers;
    await closed;
    expect(answered?.status).toBe(200);
    expect(refused?.status).toBe(503);
    expect(problemOf(refused)).toMatchObject({ code: 'SERVICE_STOPPING' });
    expect(refused?.headers['connection']).toBe('close');
  });
});
