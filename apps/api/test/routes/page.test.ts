import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { useService } from '../service.ts';

const pageFolder = mkdtempSync(path.join(tmpdir(), 'page-'));
mkdirSync(path.join(pageFolder, 'assets'));
writeFileSync(path.join(pageFolder, 'index.html'), '<!doctype html><title>page</title>');
writeFileSync(path.join(pageFolder, 'assets', 'index-1.js'), '0');
afterAll(() => rmSync(pageFolder, { recursive: true }));

describe('the page', () => {
  const service = useService({ pageFolder, access: { mode: 'keys', requestsPerMinute: 0 } });

  it('is open to anyone, and what it shows is not', async () => {
    expect(await service().app.inject('/')).toMatchObject({
      statusCode: 200,
      body: expect.stringContaining('page') as unknown,
    });
    expect((await service().app.inject('/assets/index-1.js')).statusCode).toBe(200);
    expect((await service().app.inject('/v1/searches')).json()).toMatchObject({ code: 'KEY_REQUIRED' });
  });

  it('may load what is the service’s own and no inline script, and is asked for anew each time', async () => {
    const { headers } = await service().app.inject('/');
    expect(headers['content-security-policy']).toContain("default-src 'none';script-src 'self';");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['cache-control']).toBe('no-cache');
    const asset = await service().app.inject('/assets/index-1.js');
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('leaves other paths what they are', async () => {
    for (const url of ['/assets/none.js', '/assets/../index.html', '/none']) {
      expect((await service().app.inject(url)).json()).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    }
  });
});

describe('a page that has not been built', () => {
  const service = useService({ pageFolder: path.join(tmpdir(), 'no-such-folder') });

  it('is asked for with GET alone', async () => {
    const answer = await service().app.inject({ method: 'POST', url: '/' });
    expect(answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
  });

  it('is told of with how to build it', async () => {
    const answer = await service().app.inject('/');
    expect(answer.json()).toMatchObject({
      code: 'NOT_FOUND',
      remedy: expect.stringContaining('npm run setup') as unknown,
    });
  });
});
