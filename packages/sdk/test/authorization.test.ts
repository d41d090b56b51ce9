import { inspect } from 'node:util';

import { createClient } from '@compound-search/sdk';
import { describe, expect, it } from 'vitest';

import { failure, serve } from './scripted-service.ts';

describe('a client', () => {
  it.each([
    ['user and password', 'user:secret', 'user:secret'],
    ['what is escaped', 'a%40b:s%3Aecret%20%C3%A9', 'a@b:s:ecret é'],
    ['a user alone', 'user', 'user:'],
    ['a sign that stands for itself', 'user:100%secret', 'user:100%secret'],
  ])('sends %s of its URL as basic authorization', async (_what, userInfo, credentials) => {
    const service = await serve(() => ({ status: 200, body: [] }));
    const baseUrl = `${service.baseUrl.replace('//', `//${userInfo}@`)}/behind`;
    await createClient({ baseUrl }).datasets();
    expect(service.received).toMatchObject([
      { url: '/behind/v1/datasets', authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    ]);
  });

  it('sends a key in the place of what its URL has', async () => {
    const service = await serve(() => ({ status: 200, body: [] }));
    const url = new URL(service.baseUrl);
    url.username = 'user';
    await createClient({ baseUrl: url.href, key: 'cs_x' }).datasets();
    expect(service.received[0]?.authorization).toBe('Bearer cs_x');
  });

  it('sends no authorization where its URL has none', async () => {
    const service = await serve(() => ({ status: 200, body: [] }));
    await createClient(service).datasets();
    expect(service.received[0]?.authorization).toBeUndefined();
  });

  it('shows a password in no part of an error', async () => {
    const away = await serve(() => ({ status: 200, body: {} }));
    await away.pause();
    const unauthorized = await serve(() => ({ status: 401, body: 'who?', type: 'text/plain' }));
    const withPassword = ({ baseUrl }: { baseUrl: string }): string => baseUrl.replace('//', '//user:secret@');
    for (const service of [away, unauthorized]) {
      const error = await failure(createClient({ baseUrl: withPassword(service) }).datasets());
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('secret');
    }
  });

  it.each([
    'http://user:secret@',
    'http://user:sec/ret@127.0.0.1:3210',
    'ftp://user:secret@127.0.0.1',
    'user:secret@127.0.0.1',
    'no address',
  ])('refuses %s, which is no URL of a service, without its password', (baseUrl) => {
    let refusal: unknown;
    try {
      createClient({ baseUrl });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', field: 'baseUrl' });
    expect(inspect(refusal, { depth: 10, showHidden: true })).not.toMatch(/sec/);
  });
});
