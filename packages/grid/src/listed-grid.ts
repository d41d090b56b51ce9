import { type AxisValues, CompoundSearchError, type GridRequest } from '@compound-search/contracts';

import { axisLength, type AxisLimits, type AxisName, axisNames, expandAxis } from './axis.ts';

/** How large a grid may be. */
export interface GridLimits extends Pick<AxisLimits, 'maximumValues'> {
  /** Points of the whole grid. @defaultValue 10,000,000 */
  readonly maximumPoints?: number;
  /** Points that meet the constraint. @defaultValue 100,000 */
  readonly maximumFeasiblePoints?: number;
  /**
   * Networks that are costed to find those that meet a constraint on exact cost: 4 microseconds each.
   *
   * @defaultValue 200,000
   */
  readonly maximumCosted?: number;
}

/** A grid with its axes told apart. */
export interface ListedGrid {
  /** The axis whose value follows from the two others; undefined where all three are listed. */
  readonly solved: AxisName | undefined;
  /** The values of the axes that are listed, ascending. */
  readonly values: ReadonlyMap<AxisName, readonly number[]>;
  /** The least coefficient. */
  readonly minimum: number;
  /** Points of the whole grid: with a solved axis, pairs of the two others. */
  readonly total: number;
}

const defaultMaximumPoints = 10_000_000;
const defaultMaximumFeasiblePoints = 100_000;

interface ListedAxis {
  readonly name: AxisName;
  readonly axis: AxisValues;
}

/**
 * The values of a grid's axes, and how many points they are.
 *
 * @throws CompoundSearchError AXIS_INVALID or AXIS_TOO_LONG for an axis, AXIS_INVALID for a second solved one;
 * GRID_TOO_LARGE, decided from the lengths of the axes alone.
 */
export function listGrid(grid: GridRequest, limits: GridLimits = {}): ListedGrid {
  const { minimum = 1 } = grid;
  const [solved, another] = axisNames.filter((name) => grid[name] === 'solve');
  if (another !== undefined) throw solvedTwice(another);
  const listed = axisNames.flatMap((name): ListedAxis[] => {
    const axis = grid[name];
    return axis === 'solve' ? [] : [{ name, axis }];
  });
  const axisLimits = { ...limits, minimum };
  const total = countPoints(
    listed.map(({ name, axis }) => axisLength(name, axis, axisLimits)),
    limits,
  );
  const values = new Map(listed.map(({ name, axis }) => [name, expandAxis(name, axis, axisLimits)]));
  return { solved, values, minimum, total };
}

function solvedTwice(name: AxisName): CompoundSearchError {
  const field = `grid.${name}`;
  return new CompoundSearchError('AXIS_INVALID', `${field} is the second axis to be solved.`, {
    field,
    value: 'solve',
    remedy: 'Solve one axis, and give values or a range for the two others.',
  });
}

function countPoints(lengths: readonly number[], { maximumPoints = defaultMaximumPoints }: GridLimits): number {
  const total = lengths.reduce((product, length) => product * length, 1);
  if (total <= maximumPoints) return total;
  const message = `The grid has ${lengths.join(' x ')} = ${total} points; at most ${maximumPoints} are accepted.`;
  const remedy = 'Use larger steps or shorter ranges.';
  throw new CompoundSearchError('GRID_TOO_LARGE', message, { field: 'grid', value: total, remedy });
}

/** @throws CompoundSearchError GRID_TOO_LARGE where more points meet the constraint than are accepted. */
export function requireFewPoints(
  found: number,
  { maximumFeasiblePoints = defaultMaximumFeasiblePoints }: GridLimits,
): void {
  if (found <= maximumFeasiblePoints) return;
  const message = `At least ${found} grid points meet the constraint; at most ${maximumFeasiblePoints} are accepted.`;
  const remedy = 'Lower constraint.tolerance, or use larger steps.';
  throw new CompoundSearchError('GRID_TOO_LARGE', message, { field: 'grid', value: found, remedy });
}
