import { CompoundSearchError, type Constraint, type GridRequest, type Point } from '@compound-search/contracts';

import { type AxisName, axisNames } from './axis.ts';
import { absoluteTolerance, admittingTolerance, type Band, bandOf, exponentOf, toPoint } from './constraint-band.ts';
import { type GridLimits, listGrid, requireFewPoints } from './listed-grid.ts';
import { compareCoefficients, compareRepresentatives } from './representative-point.ts';
import { solvePoints } from './solved-points.ts';

/** A grid with the points that meet its constraint. */
export interface FeasiblePoints {
  /** Points of the whole grid, feasible or not. */
  readonly total: number;
  /** In ascending order of alpha, then beta, then gamma. */
  readonly feasible: readonly Point[];
  /** Points whose solved coefficient would be below the least one. */
  readonly belowMinimum: number;
}

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
  readonly longest: AxisPowers;
  readonly constraint: Constraint;
  readonly minimum: number;
}

interface Listing {
  readonly values: ReadonlyMap<AxisName, readonly number[]>;
  readonly minimum: number;
}

function arrange({ values, minimum }: Listing, constraint: Constraint): Grid {
  const axes = axisNames.map((name): AxisPowers => {
    const listed = values.get(name) ?? [];
    const exponent = exponentOf(name, constraint);
    return { name, values: listed, powers: listed.map((value) => value ** exponent) };
  });
  // With the longest axis searched, the pairs of the other two are at most the grid's size to the power 2/3.
  axes.sort((one, other) => one.values.length - other.values.length);
  const [outer, inner, longest] = axes;
  if (outer === undefined || inner === undefined || longest === undefined) throw new Error('A grid has three axes.');
  return { outer, inner, longest, constraint, minimum };
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

function pointAt({ outer, inner, longest, constraint }: Grid, pair: Pair, index: number): Point {
  const coefficients: Record<AxisName, number> = { alpha: 1, beta: 1, gamma: 1 };
  coefficients[outer.name] = outer.values[pair.outerIndex] ?? 1;
  coefficients[inner.name] = inner.values[pair.innerIndex] ?? 1;
  coefficients[longest.name] = longest.values[index] ?? 1;
  return toPoint(coefficients, constraint);
}

function nearestPoint(grid: Grid): Point {
  const { target } = grid.constraint;
  const nearer = compareRepresentatives(grid.constraint);
  let nearest: Point | undefined;
  for (const pair of pairs(grid)) {
    const above = firstAtLeast(grid.longest.powers, pair.factor, target);
    const neighbours = [above - 1, above].filter((index) => index >= 0 && index < grid.longest.values.length);
    for (const index of neighbours) {
      const point = pointAt(grid, pair, index);
      if (nearest === undefined || nearer(point, nearest) < 0) nearest = point;
    }
  }
  if (nearest === undefined) throw new Error('A grid has at least one point.');
  return nearest;
}

function infeasible(grid: Grid): CompoundSearchError {
  const { constraint, minimum } = grid;
  const { target, exponents } = constraint;
  const nearest = nearestPoint(grid);
  const { alpha, beta, gamma, product } = nearest;
  const message =
    `No grid point has alpha^${exponents[0]} * beta^${exponents[1]} * gamma^${exponents[2]} within ` +
    `${absoluteTolerance(constraint)} of ${target}. ` +
    `The nearest is (${alpha}, ${beta}, ${gamma}) with ${Number(product.toPrecision(6))}.`;
  const remedy =
    `Raise constraint.tolerance to ${admittingTolerance(product, constraint)}, or use finer or wider axes` +
    (target < 1 && minimum === 1 ? ', with coefficients below 1 and grid.minimum below them.' : '.');
  return new CompoundSearchError('GRID_INFEASIBLE', message, { field: 'constraint.tolerance', value: nearest, remedy });
}

function pointsWithin(grid: Grid, { least, most }: Band, limits: GridLimits): Point[] {
  const feasible: Point[] = [];
  for (const pair of pairs(grid)) {
    const start = firstAtLeast(grid.longest.powers, pair.factor, least);
    const end = firstAtLeast(grid.longest.powers, pair.factor, most);
    requireFewPoints(feasible.length + end - start, limits);
    for (let index = start; index < end; index++) feasible.push(pointAt(grid, pair, index));
  }
  return feasible;
}

/**
 * The points of the grid with |alpha^a * beta^b * gamma^c - target| <= tolerance (Tan and Le 2019, equation 3). They are
 * found by bisection along the longest axis, not by visiting every point. Where an axis is solved, each pair of the two
 * others has the one point that meets the target.
 *
 * @throws CompoundSearchError AXIS_INVALID or AXIS_TOO_LONG for an axis; GRID_TOO_LARGE, decided from the lengths of the
 * axes alone where the grid is over the limit; GRID_INFEASIBLE with the nearest point and the tolerance that admits it.
 */
export function findFeasiblePoints(grid: GridRequest, constraint: Constraint, limits: GridLimits = {}): FeasiblePoints {
  const listed = listGrid(grid, limits);
  const { total, solved } = listed;
  if (solved !== undefined) return { total, ...solvePoints({ ...listed, solved }, constraint, limits) };
  const arranged = arrange(listed, constraint);
  const feasible = pointsWithin(arranged, bandOf(constraint), limits);
  if (feasible.length === 0) throw infeasible(arranged);
  return { total, feasible: feasible.sort(compareCoefficients), belowMinimum: 0 };
}
