import { describe, expect, it } from 'vitest';

import { prefersCsv } from '../../src/routes/media-types.ts';

describe('prefersCsv', () => {
  it.each([
    [undefined, false],
    ['*/*', false],
    ['application/json', false],
    ['text/csv', true],
    ['text/csv, */*;q=0.1', true],
    ['text/*', true],
    ['text/csv, application/json', false],
    ['text/csv;q=0.5, application/json;q=0.9', false],
    ['TEXT/CSV ; header=present', true],
    ['text/csv;q=0', false],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false],
  ])('for %s is %s', (accept, expected) => {
    expect(prefersCsv(accept)).toBe(expected);
  });
});
