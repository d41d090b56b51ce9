import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { candidate, completed, rankedRows, searches } from './generators.ts';

/** Candidates with the same accuracies under every seed but for an offset, and a spread of 0.01 over two seeds. */
function probabilities(offsets: readonly number[]): (number | null)[] {
  const rows = rankedRows({
    candidates: offsets.map((_, index) => candidate(`n${index}`)),
    trials: offsets.flatMap((offset, index) =>
      completed(`n${index}`, index % 2 === 0 ? [0.5 + offset, 0.52 + offset] : [0.52 + offset, 0.5 + offset]),
    ),
  });
  return offsets.map(
    (_, index) => rows.find(({ fingerprint }) => fingerprint === `n${index}`)?.probabilityBest ?? null,
  );
}

describe('the probability to be the best', () => {
  it('is one half for two candidates that are alike, and more for the better one the better it is', () => {
    expect(probabilities([0, 0])).toEqual([expect.closeTo(0.5, 9), expect.closeTo(0.5, 9)]);
    const rising = [0.001, 0.005, 0.02, 0.1].map((offset) => probabilities([offset, 0])[0] ?? 0);
    expect(rising).toEqual(rising.toSorted((one, other) => one - other));
    expect(rising[0]).toBeGreaterThan(0.5);
  });

  it('is less than with a known spread and without regard to luck', () => {
    // The residuals of accuracies 0.50, 0.52 and 0.52, 0.50 around candidate and seed are all 0.01: variance 4e-4 with
    // one degree of freedom. The difference of two means over two seeds has variance 2 * 4e-4 / 2 = 0.02^2. An offset of
    // 0.02 is one deviation, and the normal distribution has 0.841344746068543 below one deviation.
    const [best = 0] = probabilities([0.02, 0]);
    expect(best).toBeGreaterThan(0.6);
    expect(best).toBeLessThan(0.841344746068543);
  });

  it('is the same for candidates that are alike', () => {
    for (const count of [4, 1200]) {
      const alike = probabilities(Array.from({ length: count }, () => 0));
      for (const probability of alike) expect(probability).toBeCloseTo(1 / count, 12);
    }
  });

  it('is 1 for a single candidate and for one far ahead', () => {
    expect(probabilities([0])).toEqual([1]);
    expect(probabilities([0.9, 0, 0])[0]).toBeCloseTo(1, 9);
    expect(probabilities([0.9, 0, 0])[1]).toBeCloseTo(0, 9);
  });

  it('is shared among equal candidates where no seed makes a difference', () => {
    const rows = rankedRows({
      candidates: ['a', 'b', 'c'].map((name) => candidate(name)),
      trials: [...completed('a', [0.5, 0.5]), ...completed('b', [0.5, 0.5]), ...completed('c', [0.4, 0.4])],
    });
    expect(rows.map(({ probabilityBest }) => probabilityBest)).toEqual([1 / 2, 1 / 2, 0]);
  });

  it('sums to 1 over all candidates, where it is known', () => {
    fc.assert(
      fc.property(searches, (search) => {
        const known = rankedRows(search).flatMap(({ probabilityBest }) => probabilityBest ?? []);
        if (known.length > 0) expect(known.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
        for (const probability of known) expect(probability).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
