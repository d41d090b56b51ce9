import type { AxisValues, GridRequest, Point } from '@compound-search/contracts';

import { axisNames, expandAxis } from './axis.ts';

/** Digits that leave the noise of binary fractions out: half of 0.05 added to 1.15 is 1.175. */
const significantDigits = 12;

/**
 * The grid of half the step around some points of a grid: on every axis the coefficients that they have, and those half a
 * step below and above. A step is the distance to the neighbour in the grid, at an end the one inwards; an axis of one
 * value has none and stays, as a solved one does. All points given are in the finer grid, so that what was
 * trained for them counts in it.
 */
export function refineGrid(grid: GridRequest, points: readonly Omit<Point, 'product'>[]): GridRequest {
  const { minimum = 1 } = grid;
  const finer = axisNames.map((name) => {
    const axis = grid[name];
    if (axis === 'solve') return [name, axis] as const;
    return [
      name,
      refineAxis(
        expandAxis(name, axis, { minimum }),
        points.map((point) => point[name]),
        minimum,
      ),
    ] as const;
  });
  return { ...(Object.fromEntries(finer) as Pick<GridRequest, 'alpha' | 'beta' | 'gamma'>), minimum };
}

function refineAxis(listed: readonly number[], chosen: readonly number[], minimum: number): AxisValues {
  const values = chosen.flatMap((value) => {
    const { below, above } = spacingAt(listed, value);
    return [value - below / 2, value, value + above / 2].map((one) => Number(one.toPrecision(significantDigits)));
  });
  return [...new Set(values)].filter((value) => value >= minimum).sort((one, other) => one - other);
}

/** The distances from a value to its neighbours in a list; a value between two, as tuning leaves, has those of the nearest. */
function spacingAt(listed: readonly number[], value: number): { readonly below: number; readonly above: number } {
  const nearest = listed.reduce((best, one) => (Math.abs(one - value) < Math.abs(best - value) ? one : best), Infinity);
  const index = listed.indexOf(nearest);
  const below = nearest - (listed[index - 1] ?? nearest);
  const above = (listed[index + 1] ?? nearest) - nearest;
  return { below: below === 0 ? above : below, above: above === 0 ? below : above };
}
