import { createClient } from '@compound-search/sdk';
import { describe, expect, it } from 'vitest';

import { isLoopback } from '../../src/guards/allowed-hosts.ts';
import { exchange, problemOf } from '../raw-http.ts';
import { useService } from '../service.ts';

const onLoopback = useService({ allowedHosts: [] });
const withNames = useService({ allowedHosts: ['search.example.com', '[fd00::1]'] });
const anywhere = useService();

const refused = { status: 421, code: 'HOST_NOT_ALLOWED', field: 'host' };

function get(host: string, path = '/v1/searches'): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
}

// The port belongs to the header: a client names the one it connects to, whatever a proxy makes of it.
const ofLoopback = [
  'localhost',
  'localhost:3210',
  'LocalHost:80',
  'localhost.',
  '127.0.0.1',
  '127.0.0.1:3210',
  '127.1.2.3:1',
  '127.1:3210',
  '2130706433',
  '0x7f.0.0.1',
  '[::1]',
  '[::1]:3210',
  '[0:0:0:0:0:0:0:1]:3210',
  '[::ffff:127.0.0.1]:3210',
];

const foreign = [
  'evil.example',
  'evil.example:3210',
  'localhost.evil.example',
  'evil.localhost.example',
  'evil-localhost',
  '127.0.0.1.evil.example',
  '127.0.0.1@evil.example',
  'evil.example#localhost',
  'evil.example/localhost',
  'localhost, evil.example',
  '128.0.0.1',
  '0.0.0.0:3210',
  '192.168.1.5:3210',
  '[::2]',
  '[::ffff:10.0.0.1]',
  'localhost:port',
  ':3210',
  '*',
  '',
];

describe('a service that listens on loopback only', () => {
  it.each(ofLoopback)('answers to %s', async (host) => {
    expect(await exchange(onLoopback().app, get(host))).toMatchObject([{ status: 200 }]);
  });

  it.each(foreign)('refuses %j, as a page would send it whose name was bound anew', async (host) => {
    const [answer] = await exchange(onLoopback().app, get(host));
    expect(answer?.status).toBe(421);
    expect(problemOf(answer)).toMatchObject({ ...refused, value: host });
  });

  it.each(['POST', 'DELETE', 'OPTIONS'])('refuses a foreign host of %s too, on any path', async (method) => {
    for (const path of ['/v1/searches', '/nowhere', '/docs']) {
      const [answer] = await exchange(onLoopback().app, get('evil.example', path).replace('GET', method));
      expect(answer?.status).toBe(421);
    }
  });

  it('tells supervisors under any name whether it works', async () => {
    for (const path of ['/healthz', '/readyz']) {
      expect(await exchange(onLoopback().app, get('10.1.2.3:3210', path))).toMatchObject([{ status: 200 }]);
    }
  });

  it('answers a client of HTTP/1.0, which no browser is, without a host', async () => {
    expect(await exchange(onLoopback().app, 'GET /v1/searches HTTP/1.0\r\n\r\n')).toMatchObject([{ status: 200 }]);
  });

  it('names the setting that allows more', async () => {
    const [answer] = await exchange(onLoopback().app, get('search.example.com'));
    expect(problemOf(answer).remedy).toContain('COMPOUND_SEARCH_ALLOWED_HOSTS');
  });

  it('answers the client of this project', async () => {
    const { app } = onLoopback();
    await exchange(app, get('localhost'));
    for (const host of ['127.0.0.1', 'localhost']) {
      const { port } = app.server.address() as { port: number };
      const { items } = await createClient({ baseUrl: `http://${host}:${port}` }).listSearches();
      expect(items).toEqual([]);
    }
  });
});

describe('a service with names of its own', () => {
  it.each([...ofLoopback, 'search.example.com', 'SEARCH.example.com:8443', 'search.example.com.', '[fd00::1]:80'])(
    'answers to %s',
    async (host) => {
      expect(await exchange(withNames().app, get(host))).toMatchObject([{ status: 200 }]);
    },
  );

  it.each([...foreign, 'example.com', 'www.search.example.com', 'search.example.com.evil.example'])(
    'refuses %j',
    async (host) => {
      expect(problemOf((await exchange(withNames().app, get(host)))[0])).toMatchObject(refused);
    },
  );
});

describe('a service that listens for others, and has no names', () => {
  it('answers to any', async () => {
    for (const host of [...ofLoopback, ...foreign]) {
      expect(await exchange(anywhere().app, get(host))).toMatchObject([{ status: 200 }]);
    }
  });
});

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.0.0.2', '::1', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1'])(
    'holds for %s',
    (address) => {
      expect(isLoopback(address)).toBe(true);
    },
  );
  it.each(['0.0.0.0', '::', '10.0.0.1', 'example.com', ''])('does not hold for %j', (address) => {
    expect(isLoopback(address)).toBe(false);
  });
});
