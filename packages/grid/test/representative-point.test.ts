import { constraintSchema, type Point } from '@compound-search/contracts';
import { findBaseline } from '@compound-search/networks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { planSearch, representativePoint } from '../src/index.ts';

function point(alpha: number, beta: number, gamma: number, product: number): Point {
  return { alpha, beta, gamma, product };
}
const cases: readonly { title: string; target: number; points: readonly Point[]; index: number }[] = [
  { title: 'the nearest to the target', target: 2, points: [point(1, 1, 1, 1.9), point(2, 1, 1, 2)], index: 1 },
  {
    title: 'of one just below and one just above the target the one with the smaller alpha',
    target: 2,
    points: [point(2.1, 1, 1, 2.1), point(1.9, 1, 1, 1.9)],
    index: 1,
  },
  {
    // |1.6 - 1.7| is 0.09999999999999987 and |1.8 - 1.7| is 0.10000000000000009.
    title: 'where equal distances differ in their last bits the one with the smaller alpha',
    target: 1.7,
    points: [point(1.6, 1, 1, 1.6), point(1, 1.341640786499874, 1, 1.8)],
    index: 1,
  },
  {
    title: 'where distances differ by less than a billionth the one with the smaller alpha',
    target: 2,
    points: [point(2, 1, 1, 2), point(1, 1.4142135623, 1, 1.99999999979)],
    index: 1,
  },
  {
    title: 'of equal alphas the one with the smaller beta',
    target: 2,
    points: [point(1.2, 1.3, 1.1, 2), point(1.2, 1.1, 1.3, 2)],
    index: 1,
  },
  {
    title: 'of equal alphas and betas the one with the smaller gamma',
    target: 2,
    points: [point(1.2, 1.1, 1.3000000001, 2), point(1.2, 1.1, 1.3, 2)],
    index: 1,
  },
];

describe('the point that speaks for a candidate', () => {
  it.each(cases)('is $title', ({ target, points, index }) => {
    expect(representativePoint(points, { target })).toBe(points[index]);
    expect(representativePoint(points.toReversed(), { target })).toBe(points[index]);
  });

  it('is the first that a plan lists of it, in whatever order its points are given', () => {
    const constraint = constraintSchema.parse({});
    const { candidates } = planSearch({
      grid: {
        alpha: { from: 1, to: 2, step: 0.05 },
        beta: { from: 1, to: 1.4, step: 0.05 },
        gamma: { from: 1, to: 1.4, step: 0.05 },
      },
      constraint,
      baseline: findBaseline('efficientnet-b0'),
      image: { height: 224, width: 224 },
    });
    expect(candidates.some(({ points }) => points.length > 1)).toBe(true);
    for (const { points } of candidates) {
      fc.assert(
        fc.property(fc.shuffledSubarray([...points], { minLength: points.length }), (shuffled) => {
          expect(representativePoint(shuffled, constraint)).toEqual(points[0]);
        }),
        { numRuns: 10 },
      );
    }
  });

  it('cannot be picked from no points', () => {
    expect(() => representativePoint([], { target: 2 })).toThrow('at least one point');
  });
});
