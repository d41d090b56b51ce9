import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import type { Problem, SearchView } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../packages/search/test/sample-request.ts';
import { useService } from './service.ts';

const service = useService();

const named = JSON.stringify(sampleRequest({ name: 'café' }));
const utf8 = Buffer.from(named);
const json = 'application/json';

interface Body {
  readonly what: string;
  readonly bytes: Buffer;
  readonly type?: string;
  readonly encoding?: string;
}

async function post({ bytes, type = json, encoding }: Body) {
  const headers = { 'content-type': type, ...(encoding === undefined ? {} : { 'content-encoding': encoding }) };
  return service().app.inject({ method: 'POST', url: '/v1/searches', headers, payload: bytes });
}

const refusals: (Body & { status: number; code: string; field: string; detail: string })[] = [
  ...[
    { what: 'gzip', bytes: gzipSync(utf8), encoding: 'gzip' },
    { what: 'deflate', bytes: deflateSync(utf8), encoding: 'deflate' },
    { what: 'brotli', bytes: brotliCompressSync(utf8), encoding: 'BR' },
    { what: 'two encodings', bytes: gzipSync(gzipSync(utf8)), encoding: 'gzip, gzip' },
    { what: 'an encoding that is only said', bytes: utf8, encoding: 'gzip' },
  ].map((body) => ({
    ...body,
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    field: 'content-encoding',
    detail: 'The body is compressed or encoded',
  })),
  ...[
    { what: 'Latin-1, declared', bytes: Buffer.from(named, 'latin1'), type: `${json}; charset=iso-8859-1` },
    { what: 'Latin-1, declared over UTF-8', bytes: utf8, type: `${json};charset="ISO-8859-1"` },
    { what: 'UTF-16, declared', bytes: Buffer.from(named, 'utf16le'), type: `${json}; charset=utf-16le` },
  ].map((body) => ({
    ...body,
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    field: 'content-type',
    detail: 'The body is declared in another encoding than UTF-8',
  })),
  ...[
    { what: 'no media type', bytes: utf8, type: '' },
    { what: 'text', bytes: utf8, type: 'text/plain' },
    { what: 'a form', bytes: Buffer.from('name=x'), type: 'application/x-www-form-urlencoded' },
    { what: 'what is no media type', bytes: utf8, type: 'json' },
  ].map((body) => ({
    ...body,
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    field: 'content-type',
    detail: 'The body is not declared as JSON',
  })),
  ...[
    { what: 'Latin-1', bytes: Buffer.from(named, 'latin1') },
    { what: 'Latin-1, declared as UTF-8', bytes: Buffer.from(named, 'latin1'), type: `${json}; charset=utf-8` },
    { what: 'UTF-16 with its mark', bytes: Buffer.from(`\ufeff${named}`, 'utf16le') },
    { what: 'a character cut in two', bytes: Buffer.concat([utf8.subarray(0, utf8.indexOf('é') + 1), utf8]) },
    { what: 'a surrogate as three bytes', bytes: Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]) },
    { what: 'an overlong NUL', bytes: Buffer.from([0x22, 0xc0, 0x80, 0x22]) },
  ].map((body) => ({
    ...body,
    status: 400,
    code: 'MALFORMED_JSON',
    field: 'body',
    detail: 'The body is not text in UTF-8',
  })),
  ...[
    { what: 'UTF-16 without its mark', bytes: Buffer.from(named.replace('é', 'e'), 'utf16le') },
    { what: 'white space alone', bytes: Buffer.from(' \n') },
    { what: 'a body cut short', bytes: utf8.subarray(0, -1) },
    { what: 'a comment', bytes: Buffer.from(`${named}// all`) },
    { what: 'a trailing comma', bytes: Buffer.from(named.replace(/\}$/, ',}')) },
    { what: 'NaN', bytes: Buffer.from('{"phi":NaN}') },
    { what: 'two objects', bytes: Buffer.from(named + named) },
    { what: 'a control character in a text', bytes: Buffer.from('{"name":"\n"}') },
  ].map((body) => ({
    ...body,
    status: 400,
    code: 'MALFORMED_JSON',
    field: 'body',
    detail: 'The body is not valid JSON',
  })),
];

describe('a body that cannot be read', () => {
  it.each(refusals)('is refused precisely, and nothing is stored: $what', async (refusal) => {
    const { status, code, field, detail } = refusal;
    const response = await post(refusal);
    expect({ ...response.json<Problem>(), status: response.statusCode }).toMatchObject({ status, code, field, detail });
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(await service().countRows()).toBe(0);
    expect(service().log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('is told which content coding is read', async () => {
    expect((await post({ what: 'gzip', bytes: gzipSync(utf8), encoding: 'gzip' })).headers['accept-encoding']).toBe(
      'identity',
    );
  });
});

describe('a body that can be read', () => {
  it.each<Body>([
    { what: 'declared as UTF-8', bytes: utf8, type: `${json}; charset=utf-8` },
    { what: 'declared in other letters', bytes: utf8, type: 'Application/JSON;CHARSET="UTF8"' },
    { what: 'with a parameter that means nothing', bytes: utf8, type: `${json}; profile=x;` },
    { what: 'with a byte order mark', bytes: Buffer.from(`\ufeff${named}`) },
    { what: 'not encoded, and saying so', bytes: utf8, encoding: 'identity' },
    { what: 'with escapes for its letters', bytes: Buffer.from(named.replace('é', '\\u00e9')) },
  ])('is accepted $what', async (body) => {
    const response = await post(body);
    expect(response.statusCode).toBe(202);
    expect(response.json<SearchView>().request.name).toBe('café');
  });

  it('may be empty where none is needed', async () => {
    const response = await service().app.inject({
      method: 'POST',
      url: '/v1/searches/none/cancel',
      headers: { 'content-type': json },
    });
    expect(response.json()).toMatchObject({ code: 'NOT_FOUND' });
  });
});
