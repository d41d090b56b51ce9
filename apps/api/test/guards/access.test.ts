import { text } from 'node:stream/consumers';

import { type Problem, type Role, roles } from '@compound-search/contracts';
import type { LightMyRequestResponse } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';

import type { NeededRole } from '../../src/access/needed-roles.ts';
import { hashSecret, makeSecret } from '../../src/access/secrets.ts';
import { useService } from '../service.ts';

const adminKey = 'an-admin-key-of-more-than-32-characters';
const service = useService({ access: { mode: 'keys', adminKey, requestsPerMinute: 0 } });
const secrets = new Map<Role, string>();

beforeAll(async () => {
  for (const role of roles) {
    const secret = makeSecret();
    await service().store.addApiKey({ name: `the ${role} key`, role }, hashSecret(secret));
    secrets.set(role, secret);
  }
});

/** Every method and path that the service has, with what it needs. */
function routes(): { method: string; url: string; needed: NeededRole }[] {
  return [...service().app.neededRoles].map(([route, needed]) => {
    const [method = '', path = ''] = route.split(' ');
    return {
      method,
      url: path.replace(':name', 'none').replace(/:\w+/, '00000000-0000-4000-8000-000000000000'),
      needed,
    };
  });
}

async function call(method: string, url: string, secret?: string) {
  const headers = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
  const response = await service().app.inject({ method: method as 'GET', url, headers, payloadAsStream: true });
  return { status: response.statusCode, headers: response.headers, text: await textOf(response) };
}

/** A stream of events has no end to wait for. */
async function textOf({ headers, stream }: LightMyRequestResponse): Promise<string> {
  const body = stream();
  if (!String(headers['content-type']).startsWith('text/event-stream')) return text(body);
  body.destroy();
  return '';
}

function codeOf({ text }: { readonly text: string }): string | undefined {
  return text.startsWith('{') ? (JSON.parse(text) as Partial<Problem>).code : undefined;
}

describe('a service that asks for keys', () => {
  it('is open to those without one in its probes and its description, and nowhere else', async () => {
    const open = routes().filter(({ needed }) => needed === 'none');
    const paths = new Set(open.map(({ url }) => url));
    expect([...paths].filter((path) => !path.startsWith('/docs'))).toEqual(
      ['/openapi.json', '/healthz', '/readyz'].sort(inOrderOf([...paths])),
    );
    for (const { method, url, needed } of routes()) {
      const answer = await call(method, url);
      if (needed === 'none') expect([401, 403], `${method} ${url}`).not.toContain(answer.status);
      else expect([method, url, answer.status], `${method} ${url}`).toEqual([method, url, 401]);
    }
  });

  it('says to whoever has none that a key is needed, and how to send it', async () => {
    const answer = await call('GET', '/v1/searches');
    expect(codeOf(answer)).toBe('KEY_REQUIRED');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="compound-search"');
  });

  it('refuses an unknown key without repeating it, in the answer or in the log', async () => {
    const secret = makeSecret();
    const answer = await call('GET', '/v1/searches', secret);
    expect(answer.status).toBe(401);
    expect(codeOf(answer)).toBe('KEY_INVALID');
    expect(answer.text).not.toContain(secret);
    expect(JSON.stringify(service().log)).not.toContain(secret);
  });

  it('refuses every route to each role that it is not for, and changes nothing', async () => {
    const before = await service().countRows();
    for (const { method, url, needed } of routes()) {
      if (needed === 'none') continue;
      for (const role of roles.slice(0, roles.indexOf(needed))) {
        const answer = await call(method, url, secrets.get(role));
        expect([method, url, role, answer.status], `${method} ${url}`).toEqual([method, url, role, 403]);
      }
    }
    expect(await service().countRows()).toBe(before);
  });

  it('opens every route to the role that it is for', async () => {
    for (const { method, url, needed } of routes()) {
      if (needed === 'none') continue;
      const answer = await call(method, url, secrets.get(needed));
      expect([401, 403], `${method} ${url} as ${needed}`).not.toContain(answer.status);
    }
  });

  it('needs more than reading for whatever is no GET, but for what only computes', () => {
    const reading = routes().filter(
      ({ method, needed }) => needed === 'read' && !['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(method),
    );
    expect(reading.map(({ method, url }) => `${method} ${url}`).sort()).toEqual([
      'POST /v1/families',
      'POST /v1/networks',
      'POST /v1/plans',
    ]);
  });

  it('names the role that is needed', async () => {
    const answer = await call('POST', '/v1/searches', secrets.get('read'));
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 'ROLE_INSUFFICIENT',
      detail: expect.stringContaining('the read key') as unknown,
      remedy: expect.stringContaining('submit') as unknown,
    });
  });

  it('takes a key as the password of a URL too', async () => {
    const credentials = Buffer.from(`anyone:${secrets.get('read') ?? ''}`).toString('base64');
    const response = await service().app.inject({
      url: '/v1/searches',
      headers: { authorization: `Basic ${credentials}` },
    });
    expect(response.statusCode).toBe(200);
  });

  it('logs who has asked, by the name of the key', async () => {
    await call('GET', '/v1/searches', secrets.get('submit'));
    expect(service().log.at(-1)).toMatchObject({ apiKey: 'the submit key' });
  });

  it('takes the key of its environment for everything', async () => {
    expect((await call('GET', '/v1/keys', adminKey)).status).toBe(200);
  });
});

/** Compares texts by their places in a list. */
function inOrderOf(list: readonly string[]) {
  return (one: string, other: string): number => list.indexOf(one) - list.indexOf(other);
}
