import type { Problem, SearchView } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { useService } from '../service.ts';

const service = useService();

const nul = '\0';
const half = '\ud800';

interface Refusal {
  readonly because: string;
  readonly body: unknown;
  readonly status: number;
  readonly code: string;
  readonly field: string;
}

const misfit = { status: 400, code: 'VALIDATION_FAILED' };
const unknownBaseline = { status: 422, code: 'UNKNOWN_BASELINE', field: 'baseline' };
const network = { status: 422, code: 'NETWORK_INVALID' };

async function ownNetwork(changes: object = {}): Promise<Record<string, unknown>> {
  const { app } = service();
  const description = (await app.inject('/v1/baselines/efficientnet-micro')).json<Record<string, unknown>>();
  return { ...description, name: 'mine', ...changes };
}

/** So many lists in one another, as text: JSON.stringify itself would not come back from the deepest. */
function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

function sampleWith(text: string): string {
  return JSON.stringify(sampleRequest()).replace(/\}$/, `,${text}}`);
}

async function post(url: string, body: unknown) {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { 'content-type': 'application/json' };
  const response = await service().app.inject({ method: 'POST', url, headers, payload });
  return { status: response.statusCode, type: response.headers['content-type'], problem: response.json<Problem>() };
}

async function expectRefusal(url: string, { body, status, code, field }: Omit<Refusal, 'because'>): Promise<Problem> {
  const answer = await post(url, body);
  expect({ status: answer.status, code: answer.problem.code, field: answer.problem.field }).toEqual({
    status,
    code,
    field,
  });
  expect(answer.type).toMatch(/^application\/problem\+json/);
  expect(answer.problem.remedy).not.toBe('');
  expect(await service().countRows()).toBe(0);
  expect(await service().queue.counts()).toEqual({ waiting: 0, active: 0 });
  expect(service().log.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  return answer.problem;
}

const texts: Refusal[] = [
  { because: 'the name holds a NUL', body: sampleRequest({ name: `a${nul}b` }), ...misfit, field: 'name' },
  { because: 'the name holds half a pair', body: sampleRequest({ name: `a${half}b` }), ...misfit, field: 'name' },
  { because: 'the baseline is a NUL', body: sampleRequest({ baseline: nul }), ...unknownBaseline },
  { because: 'the baseline is half a pair', body: sampleRequest({ baseline: half }), ...unknownBaseline },
  { because: 'the data set holds a NUL', body: sampleRequest({ dataset: `idx:a${nul}` }), ...misfit, field: 'dataset' },
  {
    because: 'the device holds a NUL',
    body: { ...sampleRequest(), device: `cpu${nul}` },
    ...misfit,
    field: 'device',
  },
  {
    because: 'an item of a list does',
    body: { ...sampleRequest(), seeds: [1, nul] },
    ...misfit,
    field: 'seeds[1]',
  },
  { because: 'the name of a field does', body: { ...sampleRequest(), [`x${nul}`]: 1 }, ...misfit, field: `x${nul}` },
  {
    because: 'the name of a field of the recipe does',
    body: { ...sampleRequest(), recipe: { [half]: 1 } },
    ...misfit,
    field: `recipe.${half}`,
  },
];

describe.each(['/v1/searches', '/v1/plans'])('text that cannot be stored, sent to POST %s', (url) => {
  it.each(texts)('is refused with its field, and nothing is stored, when $because', async (refusal) => {
    await expectRefusal(url, refusal);
  });

  it.each([
    ['a text', { summary: `a${nul}` }, 'summary'],
    ['the name', { name: half }, 'name'],
    ['the name of an unknown field', { [`x${nul}`]: 1 }, `x${nul}`],
    ['a text deep inside', { stages: [{ block: nul }] }, 'stages[0].block'],
  ])('is refused in %s of a network', async (_, changes, field) => {
    const body = { ...sampleRequest(), baseline: await ownNetwork(changes) };
    await expectRefusal(url, { body, ...network, field: `baseline.${field}` });
  });

  it('is refused in every place at once', async () => {
    const body = { ...sampleRequest(), name: nul, dataset: half };
    const problem = await expectRefusal(url, { body, ...misfit, field: 'dataset' });
    expect(problem.errors?.map(({ field }) => field)).toEqual(['dataset', 'name']);
    expect(problem.detail).toBe(
      'dataset holds half of a surrogate pair, which cannot be stored (and 1 more, see errors)',
    );
  });
});

describe('text that cannot be stored', () => {
  it.each([
    ['a NUL', { summary: nul }, 'summary', 'summary holds U+0000, which cannot be stored'],
    ['half a pair', { summary: '\udc00' }, 'summary', 'summary holds half of a surrogate pair, which cannot be stored'],
    ['a NUL as its name', { name: nul }, 'name', 'name holds U+0000, which cannot be stored'],
  ])('is refused in a network that is registered: %s', async (_, changes, field, detail) => {
    const problem = await expectRefusal('/v1/baselines', { body: await ownNetwork(changes), ...network, field });
    expect(problem.detail).toBe(detail);
  });

  it.each([
    ['/v1/networks', { baseline: nul }, unknownBaseline],
    ['/v1/networks', { published: nul }, { ...misfit, field: 'published' }],
    ['/v1/families', { baseline: half, alpha: 1.2, beta: 1.1, gamma: 1.1, phi: [1] }, unknownBaseline],
    ['/v1/searches/any/model', { candidateId: nul }, { ...misfit, field: 'candidateId' }],
  ])('is refused by POST %s: %o', async (url, body, refusal) => {
    await expectRefusal(url, { body, ...refusal });
  });

  it.each([
    ['GET', '/v1/baselines/%00'],
    ['GET', '/v1/searches/%00'],
    ['GET', '/v1/searches/%00/trials'],
    ['GET', '/v1/trials/a%00'],
    ['GET', '/v1/models/%00'],
    ['POST', '/v1/searches/%00/cancel'],
    ['POST', '/v1/trials/%00/reruns'],
  ] as const)('names nothing in a path: %s %s', async (method, url) => {
    const response = await service().app.inject({ method, url });
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each([
    ['?cursor=%00', 'cursor'],
    ['?limit=1%00', 'limit'],
    ['?%00=1', '\0'],
  ])('is refused in a query: %s', async (query, field) => {
    const response = await service().app.inject(`/v1/searches${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'VALIDATION_FAILED', field });
  });
});

describe('a body that is nested too deeply', () => {
  it.each([
    ['/v1/searches', 'the body', nested(100_000), 'body'],
    ['/v1/searches', 'an unknown field', sampleWith(`"x":${nested(5_000)}`), 'x'],
    ['/v1/searches', 'a field below the limit', sampleWith(`"x":${nested(31)}`), 'x'],
    ['/v1/searches', 'a field above the limit', sampleWith(`"x":${nested(32)}`), 'x'],
    ['/v1/plans', 'the recipe', sampleWith(`"recipe":{"x":${nested(5_000)}}`), 'recipe'],
    ['/v1/networks', 'the baseline', `{"baseline":${nested(5_000)}}`, 'baseline'],
    ['/v1/baselines', 'a network', `{"name":"mine","summary":${nested(5_000)}}`, 'summary'],
    ['/v1/searches/any/model', 'a model', `{"phi":${nested(5_000)}}`, 'phi'],
  ])('is refused by POST %s as %s', async (url, _, body, field) => {
    const problem = await expectRefusal(url, { body, ...misfit, field });
    expect(JSON.stringify(problem).length).toBeLessThan(1000);
  });

  it('is told by how deep it may be', async () => {
    const { problem } = await post('/v1/networks', `{"baseline":${nested(5_000)}}`);
    expect(problem.detail).toBe('baseline is nested more than 32 levels deep');
    expect(problem).not.toHaveProperty('value');
  });
});

describe('a name that JavaScript gives a meaning of its own', () => {
  it.each([
    ['/v1/searches', '__proto__', sampleWith('"__proto__":{"device":"gpu"}')],
    ['/v1/searches', 'recipe.__proto__', sampleWith('"recipe":{"__proto__":{"epochs":1}}')],
    ['/v1/searches', '__proto__', sampleWith('"\\u005f_proto__":1')],
    ['/v1/searches', 'constructor', sampleWith('"constructor":{"prototype":{"device":"gpu"}}')],
    ['/v1/searches', 'recipe.constructor', sampleWith('"recipe":{"constructor":{"prototype":{}}}')],
    ['/v1/plans', 'toString', sampleWith('"toString":1')],
    ['/v1/networks', '__proto__', '{"baseline":"efficientnet-b0","__proto__":{}}'],
    ['/v1/baselines', '__proto__', '{"name":"mine","__proto__":{}}'],
    ['/v1/searches/any/model', '__proto__', '{"__proto__":{"phi":2}}'],
  ])('is no valid field of POST %s: %s', async (url, field, body) => {
    const problem = await expectRefusal(url, { body, ...misfit, field });
    expect(problem.detail).not.toContain('JSON');
  });

  it('is no field of a network either', async () => {
    const body = JSON.stringify(await ownNetwork()).replace(/\}$/, ',"constructor":{"prototype":{}}}');
    const { status, problem } = await post('/v1/baselines', body);
    expect({ status, code: problem.code }).toEqual({ status: 422, code: 'NETWORK_INVALID' });
    expect(problem.detail).toContain('constructor');
  });
});

describe('a name that is text', () => {
  it.each([
    ['a whole pair', '😀'],
    ['joined and flagged characters', '👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['text from right to left, with its marks', '\u200fשלום\u202e abc\u202c'],
    ['a composed letter', 'caf\u00e9'],
    ['a decomposed letter', 'cafe\u0301'],
    ['control characters', 'a\u0001\u001b[2J\u007f\r\nb'],
    ['the longest that is allowed', 'x'.repeat(200)],
  ])('is kept byte for byte: %s', async (_, name) => {
    const { app } = service();
    const created = await app.inject({ method: 'POST', url: '/v1/searches', payload: sampleRequest({ name }) });
    expect(created.statusCode).toBe(202);
    const { id } = created.json<SearchView>();
    const read = (await app.inject(`/v1/searches/${id}`)).json<SearchView>();
    expect(read.request.name).toBe(name);
  });

  it('is refused when it is 10,000 characters long', async () => {
    const { status, problem } = await post('/v1/searches', sampleRequest({ name: 'x'.repeat(10_000) }));
    expect(status).toBe(400);
    expect(problem).toMatchObject({ code: 'VALIDATION_FAILED', field: 'name' });
    expect(problem).not.toHaveProperty('value');
  });
});
