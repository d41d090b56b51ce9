import type { Problem } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { useService } from '../service.ts';

const service = useService({ maximumCandidates: 20, bodyLimit: 20_000 });

function axis(range: unknown) {
  return { ...sampleRequest().grid, alpha: range };
}
function withAlpha(range: unknown) {
  return { ...sampleRequest(), grid: axis(range) };
}

interface Refusal {
  readonly because: string;
  readonly payload: unknown;
  readonly status: number;
  readonly code: string;
  readonly field?: string;
  readonly value?: unknown;
}

const invalidAxis = { status: 422, code: 'AXIS_INVALID' };
const misfit = { status: 400, code: 'VALIDATION_FAILED' };

const refusals: Refusal[] = [
  {
    because: 'alpha starts below 1',
    payload: withAlpha({ from: 0.9, to: 2, step: 0.1 }),
    ...invalidAxis,
    field: 'grid.alpha.from',
    value: 0.9,
  },
  {
    because: 'a listed alpha is below 1',
    payload: withAlpha([1, 0.5]),
    ...invalidAxis,
    field: 'grid.alpha[1]',
    value: 0.5,
  },
  {
    because: 'the step is 0',
    payload: withAlpha({ from: 1, to: 2, step: 0 }),
    ...invalidAxis,
    field: 'grid.alpha.step',
    value: 0,
  },
  {
    because: 'the step is negative',
    payload: withAlpha({ from: 1, to: 2, step: -0.1 }),
    ...invalidAxis,
    field: 'grid.alpha.step',
    value: -0.1,
  },
  {
    because: 'from is above to',
    payload: withAlpha({ from: 2, to: 1, step: 0.1 }),
    ...invalidAxis,
    field: 'grid.alpha.from',
    value: 2,
  },
  { because: 'an axis is empty', payload: withAlpha([]), ...misfit, field: 'grid.alpha', value: [] },
  {
    because: 'NaN is written as null',
    payload: withAlpha({ from: 1, to: null, step: 0.1 }),
    ...misfit,
    field: 'grid.alpha.to',
    value: null,
  },
  {
    because: 'a string stands for a number',
    payload: withAlpha({ from: 1, to: 2, step: 'NaN' }),
    ...misfit,
    field: 'grid.alpha.step',
    value: 'NaN',
  },
  {
    because: 'a number is beyond what a double holds',
    payload: JSON.stringify(withAlpha({ from: 1, to: 2, step: 0.1 })).replace('"to":2', '"to":1e999'),
    ...misfit,
    field: 'grid.alpha.to',
    value: 'Infinity',
  },
  {
    because: 'a number is below what a double holds',
    payload: JSON.stringify(withAlpha([1, 2])).replace('[1,2]', '[1,-1e999]'),
    ...misfit,
    field: 'grid.alpha[1]',
    value: '-Infinity',
  },
  {
    because: 'a list holds something that is no number',
    payload: withAlpha([1, '2']),
    ...misfit,
    field: 'grid.alpha[1]',
    value: '2',
  },
  { because: 'an axis is neither list nor range', payload: withAlpha(1.2), ...misfit, field: 'grid.alpha', value: 1.2 },
  {
    because: 'a range has a misspelt field',
    payload: withAlpha({ from: 1, to: 2, stepp: 0.1, step: 0.1 }),
    ...misfit,
    field: 'grid.alpha.stepp',
    value: 0.1,
  },
  {
    because: 'an axis is missing',
    payload: { ...sampleRequest(), grid: { alpha: [1], beta: [1] } },
    ...misfit,
    field: 'grid.gamma',
  },
  {
    because: 'the baseline is unknown',
    payload: sampleRequest({ baseline: 'efficientnet-b99' }),
    status: 422,
    code: 'UNKNOWN_BASELINE',
    field: 'baseline',
    value: 'efficientnet-b99',
  },
  {
    because: 'the data set is unknown',
    payload: sampleRequest({ dataset: 'imagenet-22k' }),
    status: 422,
    code: 'UNKNOWN_DATASET',
    field: 'dataset',
    value: 'imagenet-22k',
  },
  {
    because: 'the tolerance admits nothing',
    payload: sampleRequest({ constraint: { target: 3.987, tolerance: 0.0001 } }),
    status: 422,
    code: 'GRID_INFEASIBLE',
  },
  {
    because: 'the tolerance is negative',
    payload: sampleRequest({ constraint: { tolerance: -0.1 } }),
    ...misfit,
    field: 'constraint.tolerance',
    value: -0.1,
  },
  {
    because: 'the target is 0',
    payload: sampleRequest({ constraint: { target: 0 } }),
    ...misfit,
    field: 'constraint.target',
    value: 0,
  },
  {
    because: 'an axis has a billion values',
    payload: withAlpha({ from: 1, to: 2, step: 1e-9 }),
    status: 422,
    code: 'AXIS_TOO_LONG',
  },
  {
    because: 'the grid has a billion points',
    payload: sampleRequest({
      grid: {
        alpha: { from: 1, to: 2, step: 0.001 },
        beta: { from: 1, to: 2, step: 0.001 },
        gamma: { from: 1, to: 2, step: 0.001 },
      },
    }),
    status: 422,
    code: 'GRID_TOO_LARGE',
  },
  {
    because: 'there are more candidates than the service trains',
    payload: sampleRequest({
      grid: {
        alpha: { from: 1, to: 2, step: 0.05 },
        beta: { from: 1, to: 1.4, step: 0.05 },
        gamma: { from: 1, to: 1.4, step: 0.05 },
      },
    }),
    status: 422,
    code: 'TOO_MANY_CANDIDATES',
  },
  {
    because: 'more images are asked for than there are',
    payload: sampleRequest({ split: { trainImages: 1e6, validationImages: 50 } }),
    status: 422,
    code: 'SPLIT_INVALID',
    field: 'split.trainImages',
    value: 1e6,
  },
  {
    because: 'a class would have no image',
    payload: sampleRequest({ split: { trainImages: 100, validationImages: 2 } }),
    status: 422,
    code: 'SPLIT_INVALID',
    field: 'split.validationImages',
    value: 2,
  },
  {
    because: 'a batch is larger than the training set',
    payload: sampleRequest({ recipe: { batchSize: 101 } }),
    ...misfit,
    field: 'recipe.batchSize',
    value: 101,
  },
  { because: 'a seed stands twice', payload: sampleRequest({ seeds: [1, 1] }), ...misfit, field: 'seeds' },
  { because: 'a field is unknown', payload: { ...sampleRequest(), gird: {} }, ...misfit, field: 'gird' },
  { because: 'the body is a list', payload: [], ...misfit, field: 'body' },
  {
    because: 'the body is cut short',
    payload: '{"baseline": "effic',
    status: 400,
    code: 'MALFORMED_JSON',
    field: 'body',
  },
  {
    because: 'NaN stands in the body',
    payload: '{"baseline": NaN}',
    status: 400,
    code: 'MALFORMED_JSON',
    field: 'body',
  },
  {
    because: 'the body tries to change a prototype',
    payload: '{"__proto__": {"baseline": "x"}}',
    ...misfit,
    field: '__proto__',
  },
  { because: 'there is no body', payload: '', ...misfit, field: 'body' },
  {
    because: 'the body is over the limit',
    payload: withAlpha(Array.from({ length: 5000 }, (_, index) => 1 + index / 5000)),
    status: 413,
    code: 'BODY_TOO_LARGE',
    field: 'body',
  },
];

async function post(url: string, payload: unknown) {
  const response = await service().app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
  return { response, problem: response.json<Problem>() };
}

describe.each(['/v1/searches', '/v1/plans'])('POST %s', (url) => {
  it.each(refusals)('refuses with a precise problem and stores nothing when $because', async (refusal) => {
    const { response, problem } = await post(url, refusal.payload);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect({ ...problem, status: response.statusCode }).toMatchObject({
      status: refusal.status,
      code: refusal.code,
      ...(refusal.field === undefined ? {} : { field: refusal.field }),
      ...('value' in refusal ? { value: refusal.value } : {}),
    });
    expect(problem.detail).not.toBe('');
    expect(problem.remedy ?? '').not.toBe('');
    expect(await service().countRows()).toBe(0);
    expect(await service().queue.counts()).toEqual({ waiting: 0, active: 0 });
  });
});

describe('the refusal of a search', () => {
  it('names every baseline and data set that there is', async () => {
    const baseline = await post('/v1/searches', sampleRequest({ baseline: 'unknown' }));
    const known = (await service().app.inject('/v1/baselines')).json<{ name: string }[]>();
    for (const { name } of known) expect(baseline.problem.remedy).toContain(name);
    const dataset = await post('/v1/searches', sampleRequest({ dataset: 'unknown' }));
    for (const name of ['mnist', 'shapes']) expect(dataset.problem.remedy).toContain(name);
  });

  it('names the product nearest to the target when nothing is feasible', async () => {
    const request = sampleRequest({
      grid: { alpha: [1], beta: [1], gamma: [1, 1.1] },
      constraint: { target: 2, tolerance: 0.1 },
    });
    const { problem } = await post('/v1/searches', request);
    expect(problem.code).toBe('GRID_INFEASIBLE');
    expect(`${problem.detail} ${problem.remedy}`).toContain('1.21');
  });

  it('lists all faults of a request, the first one also as its field', async () => {
    const { problem } = await post('/v1/searches', {
      ...sampleRequest(),
      grid: { alpha: { from: 'a', to: 2, step: 0.1 }, beta: 1, gamma: [] },
      extra: true,
    });
    expect(problem.errors?.map(({ field }) => field).sort()).toEqual([
      'extra',
      'grid.alpha.from',
      'grid.beta',
      'grid.gamma',
    ]);
    expect(problem.errors?.[0]?.field).toBe(problem.field);
  });

  it('refuses a body that is not declared as JSON', async () => {
    const response = await service().app.inject({
      method: 'POST',
      url: '/v1/searches',
      headers: { 'content-type': 'text/plain' },
      payload: JSON.stringify(sampleRequest()),
    });
    expect(response.statusCode).toBe(415);
    expect(response.json()).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE', field: 'content-type' });
    expect(await service().countRows()).toBe(0);
  });
});
