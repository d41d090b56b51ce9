import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ceilProduct, roundHalfEven } from '../src/index.ts';

describe('ceil of a product', () => {
  it('forgives floating-point error: 2.2 * 25 is 55 blocks, and sqrt(2)^2 * 1 is 2', () => {
    expect(2.2 * 25).toBeGreaterThan(55);
    expect(ceilProduct(2.2 * 25)).toBe(55);
    expect(ceilProduct(Math.SQRT2 ** 2)).toBe(2);
  });

  it('still rounds up what is really above an integer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.double({ min: 1e-6, max: 1, noNaN: true }), (whole, part) => {
        expect(ceilProduct(whole + part)).toBe(whole + 1);
      }),
    );
  });
});

describe('rounding half to even', () => {
  it.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [3.5, 4],
    [-1.5, -2],
    [2.4999, 2],
    [2.5001, 3],
  ])("rounds %d to %d, as Python's round", (value, rounded) => {
    expect(roundHalfEven(value)).toBe(rounded);
  });
});
