import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { kendall, ranksOf, spearman } from '../src/rank-correlation.ts';

describe('ranks', () => {
  it('are 1 for the highest; equal values share the mean of their places, and what is unknown has none', () => {
    expect(ranksOf([0.5, 0.9, null, 0.5, 0.1])).toEqual([2.5, 1, null, 2.5, 4]);
    expect(ranksOf([-Infinity, 0.2, -Infinity])).toEqual([2.5, 1, 2.5]);
    expect(ranksOf([])).toEqual([]);
  });
});

describe('the correlation of ranks', () => {
  it('is what the formula gives without ties', () => {
    // Differences of ranks 1, 1, 1, 1, 0: rho = 1 - 6 * 4 / (5 * 24) = 0.8. Of 10 pairs 8 agree: tau = (8 - 2) / 10.
    const [one, other] = [
      [1, 2, 3, 4, 5],
      [2, 1, 4, 3, 5],
    ];
    expect(spearman(one, other)).toBeCloseTo(0.8, 12);
    expect(kendall(one, other)).toBeCloseTo(0.6, 12);
  });

  it('is corrected for ties', () => {
    // Ranks 1.5 1.5 3 4 and 1 2 3.5 3.5, from their mean 2.5: products 1.5 + 0.5 + 0.5 + 1.5 = 4, squares 4.5 on both
    // sides. Pairs: (1,2) tied on one side, (3,4) on the other, the four others agree: tau-b = 4 / sqrt(5 * 5).
    const [one, other] = [
      [9, 9, 5, 1],
      [8, 7, 2, 2],
    ];
    expect(spearman(one, other)).toBeCloseTo(4 / 4.5, 12);
    expect(kendall(one, other)).toBeCloseTo(4 / 5, 12);
  });

  it('is 1 for the same order, -1 for the reverse, and unknown where all are equal', () => {
    const values = fc.uniqueArray(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(values, (numbers) => {
        const reversed = numbers.map((value) => -value);
        for (const correlate of [spearman, kendall]) {
          expect(correlate(numbers, numbers)).toBeCloseTo(1, 9);
          expect(correlate(numbers, reversed)).toBeCloseTo(-1, 9);
          expect(
            correlate(
              numbers,
              numbers.map(() => 0.5),
            ),
          ).toBeNull();
        }
      }),
    );
  });
});
