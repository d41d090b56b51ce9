import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Comparison, rankCandidates, type RankingTrial } from '../src/index.ts';
import { candidate, completed } from './generators.ts';

/** Hours of additional sleep under two drugs in ten patients: Student 1908, data set `sleep` of R. */
const sleep = {
  first: [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2],
  second: [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
};

function behindBest(trials: RankingTrial[]): Comparison {
  const names = [...new Set(trials.map(({ fingerprint }) => fingerprint))];
  const rows = rankCandidates({ candidates: names.map((name) => candidate(name)), trials });
  const comparison = rows[1]?.behindBest;
  if (comparison == null) throw new Error('There is no second row.');
  return comparison;
}

describe('two candidates', () => {
  it("are compared by Student's paired test over common seeds", () => {
    // R: t.test(second, first, paired = TRUE) gives t = 4.0621, df = 9, p = 0.002833, interval 0.7001142 to 2.4598858.
    const { difference, commonSeeds, uncertainty } = behindBest([
      ...completed('first', sleep.first),
      ...completed('second', sleep.second),
    ]);
    expect(difference).toBe(1.58);
    expect(commonSeeds).toBe(10);
    expect(uncertainty?.degreesOfFreedom).toBe(9);
    expect(difference / (uncertainty?.standardError ?? 0)).toBeCloseTo(4.0621, 4);
    expect(uncertainty?.pValue).toBeCloseTo(0.002833, 6);
    expect(uncertainty?.interval[0]).toBeCloseTo(0.7001142, 6);
    expect(uncertainty?.interval[1]).toBeCloseTo(2.4598858, 6);
  });

  it.each([
    // Quantiles of Student's t at 0.975; tables round them to 12.706, 4.303, 3.182, 2.262, 2.042 and 1.984.
    [1, 12.7062047361747],
    [2, 4.30265272974946],
    [3, 3.18244630528371],
    [9, 2.26215716279821],
    [30, 2.04227245630124],
    [99, 1.98421695158642],
  ])('have the tabulated interval at %i degrees of freedom, to twelve digits', (degreesOfFreedom, quantile) => {
    const seeds = Array.from({ length: degreesOfFreedom + 1 }, (_, seed) => seed);
    const { difference, uncertainty } = behindBest([
      ...completed(
        'best',
        seeds.map((seed) => 0.9 + (seed % 2) * 0.01),
      ),
      ...completed(
        'other',
        seeds.map(() => 0.5),
      ),
    ]);
    expect(uncertainty?.degreesOfFreedom).toBe(degreesOfFreedom);
    const reach = (uncertainty?.interval[1] ?? 0) - difference;
    expect(Math.abs(reach / (uncertainty?.standardError ?? 0) / quantile - 1)).toBeLessThan(1e-12);
  });

  it.each([
    // With one degree of freedom p is 1 - 2 atan(t) / pi, with two 1 - t / sqrt(2 + t^2).
    [1, (t: number) => 1 - (2 * Math.atan(t)) / Math.PI],
    [2, (t: number) => 1 - t / Math.sqrt(2 + t ** 2)],
  ])('have the p-value of the closed form at %i degrees of freedom, to twelve digits', (degreesOfFreedom, p) => {
    const levels = [0.7, 0.81, 0.83].slice(0, degreesOfFreedom + 1);
    for (const offset of [0.001, 0.05, 0.4]) {
      const { difference, uncertainty } = behindBest([
        ...completed('best', levels),
        ...completed(
          'other',
          levels.map((_, seed) => 0.7 - offset + seed * 0.001),
        ),
      ]);
      const t = difference / (uncertainty?.standardError ?? 0);
      expect(Math.abs((uncertainty?.pValue ?? 0) - p(t))).toBeLessThan(1e-12);
    }
  });

  it("are compared by Student's test of two samples where they have no seed in common", () => {
    // R: t.test(second, first, var.equal = TRUE) gives t = 1.8608, df = 18, p = 0.07919, interval -0.203874 to 3.363874.
    const { difference, commonSeeds, uncertainty } = behindBest([
      ...completed('first', sleep.first),
      ...completed('second', sleep.second, 101),
    ]);
    expect(difference).toBeCloseTo(1.58, 12);
    expect(commonSeeds).toBe(0);
    expect(uncertainty?.degreesOfFreedom).toBe(18);
    expect(difference / (uncertainty?.standardError ?? 0)).toBeCloseTo(1.8608, 4);
    expect(uncertainty?.pValue).toBeCloseTo(0.07919, 5);
    expect(uncertainty?.interval[0]).toBeCloseTo(-0.203874, 5);
    expect(uncertainty?.interval[1]).toBeCloseTo(3.363874, 5);
  });

  it('are told apart for certain where their accuracies never differ by seed, and not at all where they are equal', () => {
    const apart = behindBest([...completed('a', [0.5, 0.5]), ...completed('b', [0.6, 0.6])]);
    expect(apart.uncertainty).toEqual({ standardError: 0, degreesOfFreedom: 1, pValue: 0, interval: [0.1, 0.1] });
    const equal = behindBest([...completed('a', [0.5, 0.6]), ...completed('b', [0.5, 0.6])]);
    expect(equal.uncertainty?.pValue).toBe(1);
  });
});

/** Solves the normal equations of accuracy = candidate + seed by elimination, leaving out one column per component. */
function residualSquaresByElimination(table: readonly (readonly (number | null)[])[]): {
  squares: number;
  rank: number;
} {
  const seeds = table[0]?.length ?? 0;
  const columns = table.length + seeds;
  const rows = table.flatMap((accuracies, row) =>
    accuracies.flatMap((accuracy, seed) => {
      if (accuracy === null) return [];
      const design = new Array<number>(columns).fill(0);
      design[row] = 1;
      design[table.length + seed] = 1;
      return [{ design, accuracy }];
    }),
  );
  // Gram and Schmidt: the residual is what is left of the accuracies outside the space of the columns.
  const basis: number[][] = [];
  const dot = (one: readonly number[], other: readonly number[]): number =>
    one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
  const without = (vector: readonly number[]): number[] => {
    let left = [...vector];
    for (let pass = 0; pass < 2; pass++) {
      for (const direction of basis) {
        const length = dot(left, direction);
        left = left.map((value, index) => value - length * (direction[index] ?? 0));
      }
    }
    return left;
  };
  for (let column = 0; column < columns; column++) {
    const left = without(rows.map(({ design }) => design[column] ?? 0));
    const norm = Math.sqrt(dot(left, left));
    if (norm > 1e-9) basis.push(left.map((value) => value / norm));
  }
  const residual = without(rows.map(({ accuracy }) => accuracy));
  return { squares: dot(residual, residual), rank: basis.length };
}

describe('the spread over seeds', () => {
  it('is that of a least-squares fit of candidates and seeds, also where trials are missing', () => {
    const cell = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 });
    const tables = fc
      .tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 2, max: 4 }))
      .chain(([candidates, seeds]) =>
        fc.array(fc.array(cell, { minLength: seeds, maxLength: seeds }), {
          minLength: candidates,
          maxLength: candidates,
        }),
      )
      .filter((table) => table.every((row) => row.some((accuracy) => accuracy !== null)));
    fc.assert(
      fc.property(tables, (table) => {
        const trials = table.flatMap((accuracies, row) =>
          accuracies.flatMap((accuracy, seed) => (accuracy === null ? [] : completed(`n${row}`, [accuracy], seed))),
        );
        const rows = rankCandidates({ candidates: table.map((_, row) => candidate(`n${row}`)), trials });
        const { squares, rank } = residualSquaresByElimination(table);
        for (const { behindBest: comparison } of rows) {
          if (comparison === null || comparison.commonSeeds === 0) continue;
          const { uncertainty } = comparison;
          if (trials.length - rank < 1) {
            expect(uncertainty).toBeNull();
            continue;
          }
          expect(uncertainty?.degreesOfFreedom).toBe(trials.length - rank);
          const variance = squares / (trials.length - rank);
          expect(uncertainty?.standardError).toBeCloseTo(Math.sqrt((2 * variance) / comparison.commonSeeds), 6);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('has a degree of freedom more for each group of seeds that no candidate connects', () => {
    // Two pairs with seeds of their own: 8 accuracies less 4 candidates and 4 seeds, plus 2 groups.
    const trials = [
      ...completed('a', [0.9, 0.94]),
      ...completed('b', [0.9, 0.92]),
      ...completed('c', [0.5, 0.5], 11),
      ...completed('d', [0.4, 0.44], 11),
    ];
    const rows = rankCandidates({ candidates: ['a', 'b', 'c', 'd'].map((name) => candidate(name)), trials });
    expect(rows[1]).toMatchObject({ fingerprint: 'b', behindBest: { uncertainty: { degreesOfFreedom: 2 } } });
    // Residuals are a quarter of the difference of the differences: 0.02 / 4 four times, 0.04 / 4 four times.
    const variance = (4 * 0.005 ** 2 + 4 * 0.01 ** 2) / 2;
    expect(rows[1]?.behindBest?.uncertainty?.standardError).toBeCloseTo(Math.sqrt(variance), 12);
  });
});
