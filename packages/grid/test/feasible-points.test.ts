import { CompoundSearchError, type Constraint, constraintSchema, type GridRequest } from '@compound-search/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { expandAxis, findFeasiblePoints, type GridLimits } from '../src/index.ts';

function constraint(overrides: Partial<Constraint> = {}): Constraint {
  return constraintSchema.parse(overrides);
}
function paperAxes(step: number, last = 1.42): GridRequest {
  return {
    alpha: { from: 1, to: 2, step },
    beta: { from: 1, to: last, step },
    gamma: { from: 1, to: last, step },
  };
}

function refusal(grid: GridRequest, overrides: Partial<Constraint> = {}, limits: GridLimits = {}): CompoundSearchError {
  try {
    findFeasiblePoints(grid, constraint(overrides), limits);
  } catch (error) {
    if (error instanceof CompoundSearchError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('the points that meet the constraint', () => {
  // Counted independently with exact fractions: |alpha beta^2 gamma^2 - 2| <= tolerance over all points.
  const counts: [number, number, number][] = [
    [0.1, 0.05, 10],
    [0.1, 0.1, 21],
    [0.1, 0.2, 37],
    [0.05, 0.05, 54],
    [0.05, 0.1, 109],
    [0.05, 0.2, 215],
    [0.02, 0.05, 681],
    [0.02, 0.1, 1390],
    [0.02, 0.2, 2716],
    [0.01, 0.05, 5159],
    [0.01, 0.1, 10274],
    [0.01, 0.2, 20337],
  ];
  it.each(counts)('with a step of %d and a tolerance of %d are %d', (step, tolerance, expected) => {
    expect(findFeasiblePoints(paperAxes(step), constraint({ tolerance })).feasible).toHaveLength(expected);
  });

  it('are 109 of 1701 for alpha to 2, beta and gamma to 1.4 by 0.05', () => {
    const { total, feasible } = findFeasiblePoints(paperAxes(0.05, 1.4), constraint());
    expect(total).toBe(1701);
    expect(feasible).toHaveLength(109);
  });

  it("contain the paper's answer from a tolerance of 0.0798 on, not with 0.0797", () => {
    // 1.2 * 1.1^2 * 1.15^2 = 1.92027, which is 0.07973 from 2.
    const admits = (tolerance: number): boolean =>
      findFeasiblePoints(paperAxes(0.05), constraint({ tolerance })).feasible.some(
        ({ alpha, beta, gamma }) => alpha === 1.2 && beta === 1.1 && gamma === 1.15,
      );
    expect(admits(0.0798)).toBe(true);
    expect(admits(0.0797)).toBe(false);
  });

  it("contain the paper's answer by 0.05 and not by 0.1, which never meets its gamma of 1.15", () => {
    const contains = (step: number): boolean =>
      findFeasiblePoints(paperAxes(step), constraint()).feasible.some(
        ({ alpha, beta, gamma }) => alpha === 1.2 && beta === 1.1 && gamma === 1.15,
      );
    expect([0.05, 0.1].map(contains)).toEqual([true, false]);
  });

  it('include those on the border, where subtraction alone would lose them', () => {
    // In doubles 2 - 1.9 is 0.10000000000000009 and 2.1 - 2 is 0.10000000000000009, both above 0.1.
    const { feasible } = findFeasiblePoints(
      { alpha: [1.899999, 1.9, 2.1, 2.100001], beta: [1], gamma: [1] },
      constraint(),
    );
    expect(feasible.map(({ alpha }) => alpha)).toEqual([1.9, 2.1]);
  });

  it('carry their product, without the noise of binary fractions', () => {
    const { feasible } = findFeasiblePoints({ alpha: [1, 1.2], beta: [1, 1.1, 1.4], gamma: [1, 1.15] }, constraint());
    expect(feasible).toEqual([
      { alpha: 1, beta: 1.4, gamma: 1, product: 1.96 },
      { alpha: 1.2, beta: 1.1, gamma: 1.15, product: 1.92027 },
    ]);
  });

  it('are those that a visit of every point finds, in the same order, for any axes and constraint', () => {
    const axis = fc.uniqueArray(
      fc.integer({ min: 100, max: 300 }).map((hundredths) => hundredths / 100),
      { minLength: 1, maxLength: 12 },
    );
    const exponent = fc.integer({ min: 1, max: 12 }).map((quarters) => quarters / 4);
    const requests = fc.record({
      grid: fc.record({ alpha: axis, beta: axis, gamma: axis }),
      target: fc.integer({ min: 10, max: 80 }).map((tenths) => tenths / 10),
      tolerance: fc.integer({ min: 0, max: 100 }).map((hundredths) => hundredths / 100),
      exponents: fc.tuple(exponent, exponent, exponent),
    });
    fc.assert(
      fc.property(requests, ({ grid, target, tolerance, exponents }) => {
        const [a, b, c] = exponents;
        const visited = expandAxis('alpha', grid.alpha).flatMap((alpha) =>
          expandAxis('beta', grid.beta).flatMap((beta) =>
            expandAxis('gamma', grid.gamma).map((gamma) => ({
              point: [alpha, beta, gamma],
              distance: Math.abs(alpha ** a * beta ** b * gamma ** c - target),
            })),
          ),
        );
        const expected = visited.filter(({ distance }) => distance <= tolerance + 1e-9).map(({ point }) => point);
        const search = (): number[][] =>
          findFeasiblePoints(grid, constraint({ target, tolerance, exponents })).feasible.map((point) => [
            point.alpha,
            point.beta,
            point.gamma,
          ]);
        if (expected.length > 0) {
          expect(search()).toEqual(expected);
          return;
        }
        const error = refusal(grid, { target, tolerance, exponents });
        expect(error.code).toBe('GRID_INFEASIBLE');
        const nearest = Math.min(...visited.map(({ distance }) => distance));
        const { product } = error.value as { product: number };
        expect(Math.abs(product - target)).toBeCloseTo(nearest, 9);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a grid is refused', () => {
  it('naming the nearest point and a tolerance that admits it, where no point meets the constraint', () => {
    const grid = { alpha: { from: 1, to: 2, step: 0.1 }, beta: { from: 1, to: 1.4, step: 0.1 }, gamma: [1.45] };
    const error = refusal(grid, { tolerance: 0.01 });
    expect(error).toMatchObject({
      code: 'GRID_INFEASIBLE',
      field: 'constraint.tolerance',
      value: { alpha: 1, beta: 1, gamma: 1.45, product: 2.1025 },
    });
    expect(error.message).toContain('The nearest is (1, 1, 1.45) with 2.1025.');
    expect(error.remedy).toContain('Raise constraint.tolerance to 0.103');
    expect(findFeasiblePoints(grid, constraint({ tolerance: 0.103 })).feasible).toHaveLength(1);
  });

  it('with a remedy that works, for any axes', () => {
    const axis = fc.uniqueArray(fc.double({ min: 1, max: 3, noNaN: true }), {
      minLength: 1,
      maxLength: 5,
      comparator: (one, other) => Math.abs(one - other) < 1e-8,
    });
    fc.assert(
      fc.property(axis, axis, axis, (alpha, beta, gamma) => {
        const grid = { alpha, beta, gamma };
        // A target that no product of these coefficients meets, so that every grid is refused.
        const strict = constraint({ target: 0.5, tolerance: 0 });
        const error = refusal(grid, strict);
        const tolerance = Number(/tolerance to (\S+),/.exec(error.remedy ?? '')?.[1]);
        expect(findFeasiblePoints(grid, { ...strict, tolerance }).feasible.length).toBeGreaterThan(0);
      }),
    );
  });

  it('of a billion points from the lengths of its axes alone', () => {
    const axis = { from: 1, to: 2, step: 0.001 };
    expect(refusal({ alpha: axis, beta: axis, gamma: axis })).toMatchObject({
      code: 'GRID_TOO_LARGE',
      field: 'grid',
      value: 1001 ** 3,
    });
    const huge = { from: 1, to: 1000, step: 1e-9 };
    expect(refusal({ alpha: huge, beta: huge, gamma: huge })).toMatchObject({ code: 'AXIS_TOO_LONG' });
  });

  it('with more points than accepted, feasible or not', () => {
    expect(refusal(paperAxes(0.1), {}, { maximumPoints: 274 })).toMatchObject({ code: 'GRID_TOO_LARGE', value: 275 });
    expect(refusal(paperAxes(0.1), {}, { maximumFeasiblePoints: 20 }).code).toBe('GRID_TOO_LARGE');
    expect(
      findFeasiblePoints(paperAxes(0.1), constraint(), { maximumPoints: 275, maximumFeasiblePoints: 21 }).total,
    ).toBe(275);
  });

  it('for the first axis at fault', () => {
    expect(refusal({ alpha: [1], beta: [0.5], gamma: [1] })).toMatchObject({
      code: 'AXIS_INVALID',
      field: 'grid.beta[0]',
    });
  });
});
