import type { Problem } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleGrid, sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { useService } from '../service.ts';

const service = useService({ maximumCandidates: 20 });

/** The rest of what makes a grid or a constraint unfit is packages/grid's to test; here is that it reaches the client. */
const refusals = [
  {
    because: 'two axes are solved',
    payload: sampleRequest({ grid: { alpha: 'solve', beta: 'solve', gamma: [1] } }),
    status: 422,
    code: 'AXIS_INVALID',
    field: 'grid.beta',
    value: 'solve',
  },
  {
    because: 'an axis is another word than solve',
    payload: sampleRequest({ grid: { ...sampleGrid, alpha: 'auto' as 'solve' } }),
    status: 400,
    code: 'VALIDATION_FAILED',
    field: 'grid.alpha',
    value: 'auto',
  },
  {
    because: 'the least coefficient would leave the baseline out',
    payload: sampleRequest({ grid: { ...sampleGrid, minimum: 1.5 } }),
    status: 400,
    code: 'VALIDATION_FAILED',
    field: 'grid.minimum',
    value: 1.5,
  },
  {
    because: 'a resolution is tuned to the formula',
    payload: sampleRequest({ constraint: { tuneResolution: true } }),
    status: 422,
    code: 'CONSTRAINT_INVALID',
    field: 'constraint.tuneResolution',
    value: true,
  },
  {
    because: 'everything is over a maximum',
    payload: sampleRequest({ constraint: { maximum: { parameters: 10 } } }),
    status: 422,
    code: 'GRID_INFEASIBLE',
    field: 'constraint.maximum.parameters',
  },
];

describe.each(['/v1/searches', '/v1/plans'])('POST %s', (url) => {
  it.each(refusals)('refuses where $because', async ({ payload, status, code, field, ...rest }) => {
    const response = await service().app.inject({ method: 'POST', url, payload });
    expect(response.statusCode).toBe(status);
    const problem = response.json<Problem>();
    expect(problem).toMatchObject({ code, field, ...(rest.value === undefined ? {} : { value: rest.value }) });
    expect(problem.remedy ?? '').not.toBe('');
    expect(await service().countRows()).toBe(0);
  });
});
