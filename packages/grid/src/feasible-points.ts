import { CompoundSearchError, type Constraint, type GridRequest, type Point } from '@compound-search/contracts';
import { formulaCost } from '@compound-search/scaling';

import { axisLength, type AxisLimits, type AxisName, axisNames, expandAxis } from './axis.ts';
import { compareCoefficients, compareRepresentatives } from './representative-point.ts';

/** How large a grid may be. */
export interface GridLimits extends AxisLimits {
  /** Points of the whole grid. @defaultValue 10,000,000 */
  readonly maximumPoints?: number;
  /** Points that meet the constraint. @defaultValue 100,000 */
  readonly maximumFeasiblePoints?: number;
}

/** A grid with the points that meet its constraint. */
export interface FeasiblePoints {
  /** Points of the whole grid, feasible or not. */
  readonly total: number;
  /** In ascending order of alpha, then beta, then gamma. */
  readonly feasible: readonly Point[];
}

const defaultMaximumPoints = 10_000_000;
const defaultMaximumFeasiblePoints = 100_000;
/** A product such as 1.9 misses 2 - 0.1 by a rounding error of the subtraction; it meets the constraint all the same. */
const roundingError = 1e-9;

interface AxisPowers {
  readonly name: AxisName;
  readonly values: readonly number[];
  /** Each value to the power with which the axis enters the constraint; ascending like the values. */
  readonly powers: readonly number[];
}

/** All values of two axes against the longest third one, on which the solutions of each pair are one run of indices. */
interface Grid {
  readonly outer: AxisPowers;
  readonly inner: AxisPowers;
  readonly solved: AxisPowers;
  readonly constraint: Constraint;
}

function exponentOf({ exponents: [depth, width, resolution] }: Constraint): Record<AxisName, number> {
  return {
    alpha: depth,
    beta: width,
    gamma: resolution,
  };
}

function arrange(grid: GridRequest, constraint: Constraint, limits: AxisLimits): Grid {
  const axes = axisNames.map((name): AxisPowers => {
    const values = expandAxis(name, grid[name], limits);
    const exponent = exponentOf(constraint)[name];
    return { name, values, powers: values.map((value) => value ** exponent) };
  });
  // With the longest axis solved, the pairs of the other two are at most the grid's size to the power 2/3.
  axes.sort((one, other) => one.values.length - other.values.length);
  const [outer, inner, solved] = axes;
  if (outer === undefined || inner === undefined || solved === undefined) throw new Error('A grid has three axes.');
  return { outer, inner, solved, constraint };
}

/** The first index whose power times `factor` is at least `bound`; the length where none is. */
function firstAtLeast(powers: readonly number[], factor: number, bound: number): number {
  let low = 0;
  let high = powers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((powers[middle] ?? 0) * factor >= bound) high = middle;
    else low = middle + 1;
  }
  return low;
}

interface Pair {
  readonly outerIndex: number;
  readonly innerIndex: number;
  /** Product of the two powers. */
  readonly factor: number;
}

function* pairs({ outer, inner }: Grid): Generator<Pair> {
  for (const [outerIndex, outerPower] of outer.powers.entries()) {
    for (const [innerIndex, innerPower] of inner.powers.entries()) {
      yield { outerIndex, innerIndex, factor: outerPower * innerPower };
    }
  }
}

function pointAt({ outer, inner, solved, constraint }: Grid, pair: Pair, solvedIndex: number): Point {
  const coefficients: Record<AxisName, number> = { alpha: 1, beta: 1, gamma: 1 };
  coefficients[outer.name] = outer.values[pair.outerIndex] ?? 1;
  coefficients[inner.name] = inner.values[pair.innerIndex] ?? 1;
  coefficients[solved.name] = solved.values[solvedIndex] ?? 1;
  const [depth, width, resolution] = constraint.exponents;
  const product = formulaCost(coefficients, { depth, width, resolution });
  // Twelve digits leave the rounding errors out: 1.4 squared is 1.96 for a person, not 1.9599999999999997.
  return { ...coefficients, product: Number(product.toPrecision(12)) };
}

function nearestPoint(grid: Grid): Point {
  const { target } = grid.constraint;
  const nearer = compareRepresentatives(grid.constraint);
  let nearest: Point | undefined;
  for (const pair of pairs(grid)) {
    const above = firstAtLeast(grid.solved.powers, pair.factor, target);
    const neighbours = [above - 1, above].filter((index) => index >= 0 && index < grid.solved.values.length);
    for (const index of neighbours) {
      const point = pointAt(grid, pair, index);
      if (nearest === undefined || nearer(point, nearest) < 0) nearest = point;
    }
  }
  if (nearest === undefined) throw new Error('A grid has at least one point.');
  return nearest;
}

/** The least number of three significant digits that is not below `distance`. */
function roundUp(distance: number): number {
  const rounded = Number(distance.toPrecision(3));
  return rounded >= distance ? rounded : Number((distance * 1.005).toPrecision(3));
}

function infeasible(grid: Grid): CompoundSearchError {
  const { target, tolerance, exponents } = grid.constraint;
  const nearest = nearestPoint(grid);
  const { alpha, beta, gamma, product } = nearest;
  const message =
    `No grid point has alpha^${exponents[0]} * beta^${exponents[1]} * gamma^${exponents[2]} within ${tolerance} of ` +
    `${target}. The nearest is (${alpha}, ${beta}, ${gamma}) with ${Number(product.toPrecision(6))}.`;
  const remedy = `Raise constraint.tolerance to ${roundUp(Math.abs(product - target))}, or use finer or wider axes.`;
  return new CompoundSearchError('GRID_INFEASIBLE', message, { field: 'constraint.tolerance', value: nearest, remedy });
}

function checkTotal(grid: GridRequest, limits: GridLimits): number {
  const { maximumPoints = defaultMaximumPoints } = limits;
  const lengths = axisNames.map((name) => axisLength(name, grid[name], limits));
  const total = lengths.reduce((product, length) => product * length, 1);
  if (total <= maximumPoints) return total;
  const message = `The grid has ${lengths.join(' x ')} = ${total} points; at most ${maximumPoints} are accepted.`;
  const remedy = 'Use larger steps or shorter ranges.';
  throw new CompoundSearchError('GRID_TOO_LARGE', message, { field: 'grid', value: total, remedy });
}

function tooManyFeasible(found: number, maximum: number): CompoundSearchError {
  const message = `At least ${found} grid points meet the constraint; at most ${maximum} are accepted.`;
  const remedy = 'Lower constraint.tolerance, or use larger steps.';
  return new CompoundSearchError('GRID_TOO_LARGE', message, { field: 'grid', value: found, remedy });
}

/**
 * The points of the grid with |alpha^a * beta^b * gamma^c - target| <= tolerance (Tan and Le 2019, equation 3). They are
 * found by bisection along the longest axis, not by visiting every point.
 *
 * @throws CompoundSearchError AXIS_INVALID or AXIS_TOO_LONG for an axis; GRID_TOO_LARGE, decided from the lengths of the
 * axes alone where the grid is over the limit; GRID_INFEASIBLE with the nearest point and the tolerance that admits it.
 */
export function findFeasiblePoints(grid: GridRequest, constraint: Constraint, limits: GridLimits = {}): FeasiblePoints {
  const { maximumFeasiblePoints = defaultMaximumFeasiblePoints } = limits;
  const total = checkTotal(grid, limits);
  const arranged = arrange(grid, constraint, limits);
  const slack = roundingError * Math.max(1, constraint.target);
  const least = constraint.target - constraint.tolerance - slack;
  const most = constraint.target + constraint.tolerance + slack;
  const feasible: Point[] = [];
  for (const pair of pairs(arranged)) {
    const start = firstAtLeast(arranged.solved.powers, pair.factor, least);
    const end = firstAtLeast(arranged.solved.powers, pair.factor, most);
    const found = feasible.length + end - start;
    if (found > maximumFeasiblePoints) throw tooManyFeasible(found, maximumFeasiblePoints);
    for (let index = start; index < end; index++) feasible.push(pointAt(arranged, pair, index));
  }
  if (feasible.length === 0) throw infeasible(arranged);
  return { total, feasible: feasible.sort(compareCoefficients) };
}
