import { CompoundSearchError, type Constraint, type Point } from '@compound-search/contracts';

import { type AxisName, axisNames, maximumCoefficient } from './axis.ts';
import { exponentOf, toPoint } from './constraint-band.ts';
import { type GridLimits, type ListedGrid, requireFewPoints } from './listed-grid.ts';
import { compareCoefficients } from './representative-point.ts';

/**
 * Of a solved coefficient. Finer than any network shows, since blocks, channels and pixels are whole numbers: half a unit
 * of the last place moves a side of 5,000 pixels by a quarter of a pixel, and a product of 2 by less than 0.0002.
 */
export const solvedDecimals = 4;

/** A grid with one axis to solve. */
export interface SolvableGrid extends ListedGrid {
  readonly solved: AxisName;
}

interface SolvedPoint {
  readonly point: Point;
  /** The solved coefficient. */
  readonly value: number;
}

function* solutions({ values, solved }: SolvableGrid, constraint: Constraint): Generator<SolvedPoint> {
  const exponent = exponentOf(solved, constraint);
  const [outer, inner] = axisNames.filter((name) => name !== solved);
  if (outer === undefined || inner === undefined) throw new Error('A grid has three axes.');
  const coefficients: Record<AxisName, number> = { alpha: 1, beta: 1, gamma: 1 };
  for (const outerValue of values.get(outer) ?? []) {
    for (const innerValue of values.get(inner) ?? []) {
      const product = outerValue ** exponentOf(outer, constraint) * innerValue ** exponentOf(inner, constraint);
      const exact = (constraint.target / product) ** (1 / exponent);
      const value = Number(exact.toFixed(solvedDecimals));
      coefficients[outer] = outerValue;
      coefficients[inner] = innerValue;
      coefficients[solved] = value;
      yield { point: toPoint(coefficients, constraint), value };
    }
  }
}

/**
 * The points on the constraint: of each pair of the two listed axes, with (target / product of their powers)^(1 / exponent)
 * as the third coefficient, to {@link solvedDecimals}. The tolerance does not matter: every one meets the target but for
 * that rounding. Pairs whose solution is below the least coefficient fall away.
 *
 * @throws CompoundSearchError GRID_INFEASIBLE where all do, GRID_TOO_LARGE where too many points are left.
 */
export function solvePoints(
  grid: SolvableGrid,
  constraint: Constraint,
  limits: GridLimits,
): { feasible: Point[]; belowMinimum: number } {
  const feasible: Point[] = [];
  let belowMinimum = 0;
  let nearest: SolvedPoint | undefined;
  for (const solution of solutions(grid, constraint)) {
    const { point, value } = solution;
    if (nearest === undefined || outside(value, grid) < outside(nearest.value, grid)) nearest = solution;
    if (value < grid.minimum) belowMinimum += 1;
    else if (value <= maximumCoefficient) feasible.push(point);
    requireFewPoints(feasible.length, limits);
  }
  if (feasible.length === 0 && nearest !== undefined) throw insoluble(grid, constraint, nearest);
  return { feasible: feasible.sort(compareCoefficients), belowMinimum };
}

/** By which factor a coefficient misses what is accepted; at most 1 within. */
function outside(value: number, { minimum }: SolvableGrid): number {
  return Math.max(minimum / value, value / maximumCoefficient);
}

function insoluble(
  { solved, minimum }: SolvableGrid,
  { target }: Constraint,
  nearest: SolvedPoint,
): CompoundSearchError {
  const { alpha, beta, gamma } = nearest.point;
  const others = axisNames.filter((name) => name !== solved).join(' and ');
  const isTooSmall = nearest.value < minimum;
  const message =
    `No pair of ${others} leaves ${solved} ${isTooSmall ? `at ${minimum} or above` : `at most ${maximumCoefficient}`} ` +
    `for a target of ${target}. The nearest is (${alpha}, ${beta}, ${gamma}).`;
  const remedy = isTooSmall
    ? `Lower ${others}, raise constraint.target, or set grid.minimum to at most ${nearest.value}.`
    : `Raise ${others}, or lower constraint.target.`;
  return new CompoundSearchError('GRID_INFEASIBLE', message, {
    field: `grid.${solved}`,
    value: nearest.point,
    remedy,
  });
}
