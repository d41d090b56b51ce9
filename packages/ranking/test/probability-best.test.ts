import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { rankCandidates } from '../src/index.ts';
import { candidate, completed, searches } from './generators.ts';

/** Candidates with the same accuracies under every seed but for an offset, and a spread of 0.01 over two seeds. */
function probabilities(offsets: readonly number[]): (number | null)[] {
  const rows = rankCandidates({
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
  it('is that of the difference of two normal means where there are two candidates', () => {
    // The residuals of accuracies 0.50, 0.52 and 0.52, 0.50 around candidate and seed are all 0.01: variance 4e-4 with
    // one degree of freedom. The difference of two means over two seeds has variance 2 * 4e-4 / 2 = 0.02^2. An offset of
    // 0.02 is one deviation, and the normal distribution has 0.841344746068543 below one deviation.
    const [best, other] = probabilities([0.02, 0]);
    expect(best).toBeCloseTo(0.841344746068543, 12);
    expect(other).toBeCloseTo(1 - 0.841344746068543, 12);
  });

  it('is the same for candidates that are alike', () => {
    for (const count of [4, 1200]) {
      const alike = probabilities(Array.from({ length: count }, () => 0));
      for (const probability of alike) expect(probability).toBeCloseTo(1 / count, 12);
    }
  });

  it('takes into account that fewer seeds say less', () => {
    // Residuals of 0.01 in a and b: variance 4e-4 with one degree of freedom. The mean of c rests on one seed. c is as good
    // as a and b as to the mean, so a and b are alike, and the least known of equal means is the highest most often.
    const rows = rankCandidates({
      candidates: ['a', 'b', 'c'].map((name) => candidate(name)),
      trials: [...completed('a', [0.5, 0.52]), ...completed('b', [0.52, 0.5]), ...completed('c', [0.51])],
    });
    const [a = 0, b = 0, c = 0] = ['a', 'b', 'c'].map(
      (name) => rows.find(({ fingerprint }) => fingerprint === name)?.probabilityBest ?? 0,
    );
    // For three independent normal means around one value the highest is c with 1/4 + asin(v / (v + w)) / (2 pi), where v
    // and w are the variances of c and of the others: 4e-4 and 2e-4.
    expect(c).toBeCloseTo(1 / 4 + Math.asin(2 / 3) / (2 * Math.PI), 12);
    expect(a).toBeCloseTo((1 - c) / 2, 12);
    expect(b).toBeCloseTo((1 - c) / 2, 12);
  });

  it('is 1 for a single candidate and for one far ahead', () => {
    expect(probabilities([0])).toEqual([1]);
    expect(probabilities([0.9, 0, 0])[0]).toBeCloseTo(1, 9);
    expect(probabilities([0.9, 0, 0])[1]).toBeCloseTo(0, 9);
  });

  it('is shared among equal candidates where no seed makes a difference', () => {
    const rows = rankCandidates({
      candidates: ['a', 'b', 'c'].map((name) => candidate(name)),
      trials: [...completed('a', [0.5, 0.5]), ...completed('b', [0.5, 0.5]), ...completed('c', [0.4, 0.4])],
    });
    expect(rows.map(({ probabilityBest }) => probabilityBest)).toEqual([1 / 2, 1 / 2, 0]);
  });

  it('sums to 1 over all candidates, where it is known', () => {
    fc.assert(
      fc.property(searches, (search) => {
        const known = rankCandidates(search).flatMap(({ probabilityBest }) => probabilityBest ?? []);
        if (known.length > 0) expect(known.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
        for (const probability of known) expect(probability).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('agrees with repeated draws of the true means', () => {
    // Four candidates; variance of the residuals from the table itself, by two-way analysis of variance.
    const table = [
      [0.9, 0.92, 0.91],
      [0.905, 0.9, 0.915],
      [0.89, 0.91, 0.9],
      [0.91, 0.9, 0.89],
    ];
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const rowMeans = table.map(mean);
    const columnMeans = [0, 1, 2].map((seed) => mean(table.map((row) => row[seed] ?? 0)));
    const squares = table.flatMap((row, at) =>
      row.map((value, seed) => (value - (rowMeans[at] ?? 0) - (columnMeans[seed] ?? 0) + mean(rowMeans)) ** 2),
    );
    const deviation = Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / 6 / 3);
    let state = 1;
    const uniform = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state + 0.5) / 2 ** 32;
    };
    const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const draws = 40_000;
    const wins = table.map(() => 0);
    for (let draw = 0; draw < draws; draw++) {
      const drawn = rowMeans.map((value) => value + deviation * normal());
      const best = drawn.indexOf(Math.max(...drawn));
      wins[best] = (wins[best] ?? 0) + 1;
    }
    const rows = rankCandidates({
      candidates: table.map((_, index) => candidate(`n${index}`)),
      trials: table.flatMap((row, index) => completed(`n${index}`, row)),
    });
    for (const { fingerprint, probabilityBest } of rows) {
      // Five standard errors of a frequency: at most 5 * sqrt(0.25 / 40000) = 0.0125.
      expect(Math.abs((wins[Number(fingerprint.slice(1))] ?? 0) / draws - (probabilityBest ?? 0))).toBeLessThan(0.0125);
    }
  });
});
