import { CompoundSearchError } from '@compound-search/contracts';
import { ApiError } from '@compound-search/sdk';
import { describe, expect, it } from 'vitest';

import { describeError } from '../src/report-error.ts';

describe('an error on the command line', () => {
  it('is one line with code, message, field, value and remedy', () => {
    const error = new CompoundSearchError('AXIS_INVALID', 'The step is 0', {
      field: 'grid.alpha.step',
      value: 0,
      remedy: 'Give a step above 0.',
    });
    expect(describeError(error)).toBe('error AXIS_INVALID: The step is 0. (grid.alpha.step: 0) Give a step above 0.');
  });

  it('leaves out what it does not have', () => {
    expect(describeError(new CompoundSearchError('NO_WINNER', 'All failed.'))).toBe('error NO_WINNER: All failed.');
    const withoutValue = new CompoundSearchError('VALIDATION_FAILED', 'It is missing', { field: 'baseline' });
    expect(describeError(withoutValue)).toBe('error VALIDATION_FAILED: It is missing. (baseline)');
  });

  it('cuts a value that is too long to read', () => {
    const error = new CompoundSearchError('VALIDATION_FAILED', 'Too long', { field: 'name', value: 'x'.repeat(500) });
    expect(describeError(error).length).toBeLessThan(130);
  });

  it('of the service lists every further fault on a line of its own', () => {
    const error = new ApiError({
      type: 'urn:x',
      title: 't',
      status: 400,
      code: 'VALIDATION_FAILED',
      detail: 'grid.alpha is missing',
      field: 'grid.alpha',
      remedy: 'Correct it.',
      errors: [
        { field: 'grid.alpha', detail: 'is missing' },
        { field: 'seeds', detail: 'A seed stands twice' },
      ],
    });
    expect(describeError(error).split('\n')).toEqual([
      'error VALIDATION_FAILED: grid.alpha is missing. (grid.alpha) Correct it.',
      '  also seeds: A seed stands twice.',
    ]);
  });

  it('without a code is a bug, and shows where it happened', () => {
    const text = describeError(new TypeError('x is not a function'));
    expect(text).toMatch(/^error INTERNAL: TypeError: x is not a function\n/);
    expect(text).toContain('report-error.test.ts');
    expect(describeError('odd')).toBe('error INTERNAL: odd');
  });
});
