import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { assess, type MeasuredCandidate } from '../src/index.ts';
import { spreadOf } from '../src/spread.ts';

function measured(
  fingerprint: string,
  results: readonly (readonly [seed: number, accuracy: number])[],
): MeasuredCandidate {
  return {
    fingerprint,
    macs: 1000,
    seeds: results.map(([seed]) => seed),
    accuracies: results.map(([, accuracy]) => accuracy),
    failedTraining: false,
  };
}

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
        const { residual } = spreadOf(
          table.map((accuracies, row) =>
            measured(
              `n${row}`,
              accuracies.flatMap((accuracy, seed) => (accuracy === null ? [] : [[seed, accuracy] as const])),
            ),
          ),
        );
        const trials = table.flat().filter((accuracy) => accuracy !== null).length;
        const { squares, rank } = residualSquaresByElimination(table);
        fc.pre(trials - rank > 0);
        expect(residual?.degreesOfFreedom).toBe(trials - rank);
        expect(Math.sqrt(residual?.variance ?? 0)).toBeCloseTo(Math.sqrt(squares / (trials - rank)), 6);
      }),
      { numRuns: 300 },
    );
  });

  it('has a degree of freedom more for each group of seeds that no candidate connects', () => {
    // Two pairs with seeds of their own: 8 accuracies less 4 candidates and 4 seeds, plus 2 groups.
    const { residual } = spreadOf([
      measured('a', [
        [1, 0.9],
        [2, 0.94],
      ]),
      measured('b', [
        [1, 0.9],
        [2, 0.92],
      ]),
      measured('c', [
        [11, 0.5],
        [12, 0.5],
      ]),
      measured('d', [
        [11, 0.4],
        [12, 0.44],
      ]),
    ]);
    expect(residual?.degreesOfFreedom).toBe(2);
    // Residuals are a quarter of the difference of the differences: 0.02 / 4 four times, 0.04 / 4 four times.
    expect(residual?.variance).toBeCloseTo((4 * 0.005 ** 2 + 4 * 0.01 ** 2) / 2, 15);
  });

  it('is unknown where every candidate has one training, and that of one candidate where there are no others', () => {
    expect(assess([measured('a', [[1, 0.9]]), measured('b', [[1, 0.8]])]).residual).toBeNull();
    // Deviations of 0.01 and -0.01 from the mean: with one candidate nothing tells seed and residual apart.
    const alone = assess([
      measured('a', [
        [1, 0.9],
        [2, 0.92],
      ]),
    ]);
    expect(alone.residual).toEqual({ variance: expect.closeTo(2e-4, 12) as number, degreesOfFreedom: 1 });
    expect(alone.candidates[0]?.trueMean?.mean).toBeCloseTo(0.91, 9);
  });
});
