import { CompoundSearchError, type Point } from '@compound-search/contracts';

import { absoluteTolerance, admittingTolerance, type Band, bandOf, toPoint } from './constraint-band.ts';
import { type CostMaxima, costMaxima, type Excess, overMaximum, worstExcess } from './exact-cost.ts';
import { type Cell, type ExactRequest, type ExactSpace, exactSpace } from './exact-space.ts';
import { listedCells } from './listed-cells.ts';
import { type GridLimits, requireFewPoints } from './listed-grid.ts';
import { compareCoefficients } from './representative-point.ts';
import { solvedCells, tunedCells } from './tuned-cells.ts';

/** The points that meet a constraint, and why others fell away. */
export interface PlannedPoints {
  /** Of the whole grid. */
  readonly total: number;
  /** In ascending order of alpha, then beta, then gamma. */
  readonly feasible: readonly Point[];
  /** Points whose solved gamma would be below the least coefficient. */
  readonly belowMinimum: number;
  readonly overMaximum: number;
  /** Points that tuning made equal to another one. */
  readonly samePoint: number;
  /** Points of networks that are larger than what can be costed. */
  readonly unbuildable: number;
}

/**
 * The points of a grid whose exact cost over the baseline's is within the tolerance of the target. Points are judged by
 * the networks that they round to, each of which is costed once, and of which most are passed over by bisection.
 *
 * @throws CompoundSearchError AXIS_INVALID where an axis is solved that the measure does not allow to be; GRID_TOO_LARGE
 * where too many networks would have to be costed or too many points meet the constraint; GRID_INFEASIBLE where none
 * does, or where all that do are over a maximum.
 */
export function findExactPoints(request: ExactRequest, limits: GridLimits): PlannedPoints {
  requireSolvable(request);
  const space = exactSpace(request, limits);
  const maxima = costMaxima(request.constraint, request.reference);
  const found = collectPoints(space, { maxima, limits });
  const { points, leastExcess, belowMinimum, samePoint } = found;
  if (points.length === 0) {
    throw leastExcess === undefined ? infeasible(request, limits) : overMaximum(found.overMaximum, leastExcess);
  }
  return {
    total: request.grid.total,
    feasible: points.sort(compareCoefficients),
    belowMinimum,
    overMaximum: found.overMaximum,
    samePoint,
    unbuildable: countUnbuildable(space),
  };
}

/** Blocks come in coarse steps, and parameters do not depend on the resolution: there, no coefficient is the solution. */
function requireSolvable({ grid, measure }: ExactRequest): void {
  const { solved } = grid;
  if (solved === undefined || (solved === 'gamma' && measure !== 'parameters')) return;
  const field = `grid.${solved}`;
  const [why, remedy] =
    solved === 'gamma'
      ? ['parameters do not depend on it', 'Give values or a range, or set constraint.measure to macs.']
      : [
          'whole blocks and channels make it a matter of the formula',
          'Solve gamma, whose steps are single pixels, or set constraint.measure to formula.',
        ];
  const message = `${field} cannot be solved for ${measure}: ${why}.`;
  throw new CompoundSearchError('AXIS_INVALID', message, { field, value: 'solve', remedy });
}

function cellsWithin(space: ExactSpace, band: Band): Generator<Cell> {
  if (space.grid.solved !== undefined) return solvedCells(space);
  return space.constraint.tuneResolution ? tunedCells(space, band) : listedCells(space, band);
}

interface Collected {
  readonly points: Point[];
  belowMinimum: number;
  overMaximum: number;
  samePoint: number;
  /** Of the network that is least over a maximum. */
  leastExcess: readonly Excess[] | undefined;
}

function collectPoints(
  space: ExactSpace,
  { maxima, limits }: { readonly maxima: CostMaxima; readonly limits: GridLimits },
): Collected {
  const { constraint } = space;
  const band = bandOf(constraint);
  const collected: Collected = {
    points: [],
    belowMinimum: 0,
    overMaximum: 0,
    samePoint: 0,
    leastExcess: undefined,
  };
  for (const cell of cellsWithin(space, band)) {
    const pairs = cell.alphas.length * cell.betas.length;
    const count = pairs * cell.gammas.length;
    if (cell.ratio < band.least || cell.ratio > band.most) {
      // Only a solution can lie outside: above where even the least gamma costs too much.
      if (cell.ratio > band.most && cell.isLowest) collected.belowMinimum += count;
      continue;
    }
    collected.samePoint += pairs * cell.moved;
    const excesses = maxima.excessesOf(cell.counts);
    if (excesses.length > 0) {
      collected.overMaximum += count;
      const { leastExcess } = collected;
      if (leastExcess === undefined || worstExcess(excesses) < worstExcess(leastExcess)) {
        collected.leastExcess = excesses;
      }
      continue;
    }
    requireFewPoints(collected.points.length + count, limits);
    for (const point of pointsOf(cell)) collected.points.push(toPoint(point, constraint));
  }
  return collected;
}

function* pointsOf({ alphas, betas, gammas }: Cell): Generator<Omit<Point, 'product'>> {
  for (const alpha of alphas) for (const beta of betas) for (const gamma of gammas) yield { alpha, beta, gamma };
}

function countUnbuildable({ grid, depths, widths, resolutions }: ExactSpace): number {
  const counted = grid.solved === undefined ? [depths, widths, resolutions] : [depths, widths];
  const kept = counted.map(({ levels }) => levels.reduce((sum, { values }) => sum + values.length, 0));
  return grid.total - kept.reduce((product, count) => product * count, 1);
}

/** Widens the constraint until something meets it: the nearest of that is the nearest of all. */
function nearestCell(request: ExactRequest, limits: GridLimits): Cell | undefined {
  const { constraint } = request;
  const { target } = constraint;
  let tolerance = Math.max(absoluteTolerance(constraint), target / 64);
  // 2^20 targets away lies everything that can be built.
  for (let doubling = 0; doubling < 26; doubling += 1) {
    const wide = { ...constraint, tolerance, toleranceKind: 'absolute' as const };
    let nearest: Cell | undefined;
    for (const cell of cellsWithin(exactSpace({ ...request, constraint: wide }, limits), bandOf(wide))) {
      if (nearest === undefined || Math.abs(cell.ratio - target) < Math.abs(nearest.ratio - target)) nearest = cell;
    }
    if (nearest !== undefined) return nearest;
    tolerance *= 2;
  }
  return undefined;
}

function infeasible(request: ExactRequest, limits: GridLimits): CompoundSearchError {
  const { constraint, measure, grid } = request;
  const { target } = constraint;
  const within = `within ${absoluteTolerance(constraint)} of ${target} times the baseline's ${measure}`;
  const nearest = nearestCell(request, limits);
  if (nearest === undefined) {
    return new CompoundSearchError('GRID_INFEASIBLE', `No grid point is a network ${within}.`, {
      field: 'grid',
      remedy: 'Use smaller coefficients: none of these networks can be costed.',
    });
  }
  const [point = { alpha: 1, beta: 1, gamma: 1 }] = pointsOf(nearest);
  const { ratio } = nearest;
  const message =
    `No grid point is a network ${within}. ` +
    `The nearest is (${point.alpha}, ${point.beta}, ${point.gamma}) with ${Number(ratio.toPrecision(6))} times.`;
  const remedy =
    `Raise constraint.tolerance to ${admittingTolerance(ratio, constraint)}, or use finer or wider axes` +
    (ratio > target && grid.minimum === 1 && target < 1
      ? ', with coefficients below 1 and grid.minimum below them.'
      : '.');
  return new CompoundSearchError('GRID_INFEASIBLE', message, {
    field: 'constraint.tolerance',
    value: { ...point, ratio },
    remedy,
  });
}
