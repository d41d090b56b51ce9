import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ceilProduct, floorProduct, roundHalfEven, roundHalfUp } from '../src/index.ts';

/** [product as the doubles give it, the decimal it stands for, rounded up, down, half to even, half up]. */
const products: readonly (readonly [number, number, number, number, number, number])[] = [
  [2.2 * 25, 55, 55, 55, 55, 55],
  [Math.SQRT2 ** 2, 2, 2, 2, 2, 2],
  [100 * 2.3, 230, 230, 230, 230, 230],
  [88 * (120 / 88), 120, 120, 120, 120, 120],
  [100 * 0.29, 29, 29, 29, 29, 29],
  [25 * 0.58, 14.5, 15, 14, 14, 15],
  [(100 * 1.16) / 8, 14.5, 15, 14, 14, 15],
  [25 * 1.1, 27.5, 28, 27, 28, 28],
  [1_000_001 * 64.3, 64_300_064.3, 64_300_065, 64_300_064, 64_300_064, 64_300_064],
];

describe('rounding a product of doubles', () => {
  it.each(products)('takes %d for %d: up to %d, down to %d, to %d and %d', (product, _decimal, ...rounded) => {
    const [up, down, halfEven, halfUp] = rounded;
    expect(ceilProduct(product)).toBe(up);
    expect(floorProduct(product)).toBe(down);
    expect(roundHalfEven(product)).toBe(halfEven);
    expect(roundHalfUp(product)).toBe(halfUp);
  });

  it('still tells apart what is really above or below a whole number', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
        (whole, part) => {
          expect(ceilProduct(whole + part)).toBe(whole + 1);
          expect(floorProduct(whole + part)).toBe(whole);
        },
      ),
    );
  });

  it('gives back every whole number up to 67 million that a ratio was computed from', () => {
    const whole = fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 1, max: 2 ** 26 }));
    fc.assert(
      fc.property(whole, whole, (one, other) => {
        const product = one * (other / one);
        expect([ceilProduct, floorProduct, roundHalfEven, roundHalfUp].map((round) => round(product))).toEqual([
          other,
          other,
          other,
          other,
        ]);
      }),
      { numRuns: 2000 },
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
