import {
  type Axis,
  CompoundSearchError,
  type Constraint,
  constraintSchema,
  type GridRequest,
} from '@compound-search/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { axisNames, findFeasiblePoints } from '../src/index.ts';

function constraint(overrides: Partial<Constraint> = {}): Constraint {
  return constraintSchema.parse(overrides);
}

function refusal(grid: GridRequest, overrides: Partial<Constraint> = {}): CompoundSearchError {
  try {
    findFeasiblePoints(grid, constraint(overrides));
  } catch (error) {
    if (error instanceof CompoundSearchError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

const values = fc.uniqueArray(
  fc.integer({ min: 100, max: 250 }).map((hundredths) => hundredths / 100),
  { minLength: 1, maxLength: 6 },
);
const exponent = fc.integer({ min: 2, max: 12 }).map((quarters) => quarters / 4);

describe('a solved axis', () => {
  it("gives 1.2498 as the depth that the paper's width and resolution leave for a target of 2", () => {
    // 2 / (1.1^2 * 1.15^2) = 2 / 1.600225 = 1.24982..., to four decimals.
    const { feasible, total } = findFeasiblePoints({ alpha: 'solve', beta: [1.1], gamma: [1.15] }, constraint());
    expect(total).toBe(1);
    expect(feasible).toMatchObject([{ alpha: 1.2498, beta: 1.1, gamma: 1.15 }]);
  });

  it('takes the root of its own exponent', () => {
    // (2 / 1.2)^(1/2) = 1.29099, and for video, where gamma has the exponent 3, 2^(1/3) = 1.25992.
    expect(findFeasiblePoints({ alpha: [1.2], beta: 'solve', gamma: [1] }, constraint()).feasible).toMatchObject([
      { alpha: 1.2, beta: 1.291, gamma: 1 },
    ]);
    const video = constraint({ exponents: [1, 2, 3] });
    expect(findFeasiblePoints({ alpha: [1], beta: [1], gamma: 'solve' }, video).feasible).toMatchObject([
      { gamma: 1.2599 },
    ]);
  });

  it('meets the target with every pair of the others that leaves it at the minimum or above, whatever the tolerance', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...axisNames),
        fc.record({ alpha: values, beta: values, gamma: values }),
        fc.tuple(exponent, exponent, exponent),
        fc.integer({ min: 10, max: 60 }).map((tenths) => tenths / 10),
        (solved, listed, exponents, target) => {
          const power = { alpha: exponents[0], beta: exponents[1], gamma: exponents[2] };
          const [one = 'alpha', two = 'beta'] = axisNames.filter((name) => name !== solved);
          const pairs = listed[one].flatMap((first) => listed[two].map((second) => ({ [one]: first, [two]: second })));
          const exact = pairs.map((pair) =>
            Object.entries(pair).reduce(
              (rest, [name, value]) => rest / value ** power[name as keyof typeof power],
              target,
            ),
          );
          const expected = exact.filter((rest) => Math.round(rest ** (1 / power[solved]) * 1e4) / 1e4 >= 1).length;
          const search = () =>
            findFeasiblePoints(
              { ...listed, [solved]: 'solve' as const },
              constraint({ exponents, target, tolerance: 0 }),
            );
          if (expected === 0) {
            expect(search).toThrow(CompoundSearchError);
            return;
          }
          const { feasible, total, belowMinimum } = search();
          expect(feasible).toHaveLength(expected);
          expect(total).toBe(pairs.length);
          expect(belowMinimum).toBe(pairs.length - expected);
          for (const point of feasible) {
            // Half a unit of the fourth decimal, to the power of the exponent.
            expect(Math.abs(point.product / target - 1)).toBeLessThan(power[solved] * 0.5e-4 * 1.01);
            expect(Number(point[solved].toFixed(4))).toBe(point[solved]);
            expect(point[solved]).toBeGreaterThanOrEqual(1);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('may lie below 1 down to grid.minimum', () => {
    // 0.5 / (1.1^2 * 1.0) = 0.41322; 0.5 / 1.0 = 0.5.
    const grid: GridRequest = { alpha: 'solve', beta: [1, 1.1], gamma: [1], minimum: 0.45 };
    expect(findFeasiblePoints(grid, constraint({ target: 0.5 }))).toMatchObject({
      feasible: [{ alpha: 0.5, beta: 1, gamma: 1, product: 0.5 }],
      belowMinimum: 1,
    });
  });
});

describe('a grid that cannot be solved is refused', () => {
  const two: Axis = [1.5, 1.6];
  it.each<[string, GridRequest, Partial<Constraint>, object]>([
    [
      'where a second axis is to be solved',
      { alpha: 'solve', beta: [1.1], gamma: 'solve' },
      {},
      {
        code: 'AXIS_INVALID',
        field: 'grid.gamma',
        value: 'solve',
        remedy: 'Solve one axis, and give values or a range for the two others.',
      },
    ],
    [
      // 2 / (1.5^2 * 1.5^2) = 0.39506
      'where every solution is below the minimum, naming the nearest',
      { alpha: 'solve', beta: two, gamma: two },
      {},
      {
        code: 'GRID_INFEASIBLE',
        field: 'grid.alpha',
        value: { alpha: 0.3951, beta: 1.5, gamma: 1.5, product: 2.00019375 },
        remedy: 'Lower beta and gamma, raise constraint.target, or set grid.minimum to at most 0.3951.',
      },
    ],
    [
      // (1000 / 0.5^10)^(1 / 1) = 1,024,000
      'where every solution is beyond all networks',
      { alpha: 'solve', beta: [0.5], gamma: [1], minimum: 0.5 },
      { target: 1000, exponents: [1, 10, 1] },
      {
        code: 'GRID_INFEASIBLE',
        field: 'grid.alpha',
        value: { alpha: 1_024_000, beta: 0.5, gamma: 1, product: 1000 },
        remedy: 'Raise beta and gamma, or lower constraint.target.',
      },
    ],
  ])('%s', (_, grid, overrides, expected) => {
    expect(refusal(grid, overrides)).toMatchObject(expected);
  });
});

describe('coefficients below 1', () => {
  it('are searched down to grid.minimum', () => {
    const grid: GridRequest = { alpha: [0.5, 1], beta: [0.7, 1], gamma: [0.7, 1], minimum: 0.5 };
    expect(findFeasiblePoints(grid, constraint({ target: 0.5 })).feasible).toEqual([
      { alpha: 0.5, beta: 1, gamma: 1, product: 0.5 },
      { alpha: 1, beta: 0.7, gamma: 1, product: 0.49 },
      { alpha: 1, beta: 1, gamma: 0.7, product: 0.49 },
    ]);
  });

  it('are refused where they are not asked for, with the field that does', () => {
    expect(refusal({ alpha: [1], beta: [0.7, 1], gamma: [1] }, { target: 0.5 })).toMatchObject({
      code: 'AXIS_INVALID',
      field: 'grid.beta[0]',
      value: 0.7,
      remedy:
        "Start at 1 or above: a coefficient multiplies the baseline's depth, width or resolution. " +
        'To search for smaller networks, set grid.minimum to 0.7.',
    });
    expect(refusal({ alpha: { from: 0.5, to: 1, step: 0.1 }, beta: [1], gamma: [1], minimum: 0.6 })).toMatchObject({
      code: 'AXIS_INVALID',
      field: 'grid.alpha.from',
      value: 0.5,
    });
  });

  it('are what the remedy for a target below 1 names', () => {
    expect(refusal({ alpha: [1], beta: [1], gamma: [1] }, { target: 0.5 }).remedy).toBe(
      'Raise constraint.tolerance to 0.5, or use finer or wider axes, with coefficients below 1 and grid.minimum below them.',
    );
  });
});
