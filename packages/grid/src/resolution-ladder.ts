import type { ScaledArchitecture } from '@compound-search/networks';
import { type ResolutionRounding, scaleSide } from '@compound-search/scaling';

import { maximumCoefficient } from './axis.ts';
import { solvedDecimals } from './solved-points.ts';

/** A resolution that rounding can give, with the coefficient that gives it. */
export interface Rung {
  readonly gamma: number;
  /** Sides of the input. */
  readonly resolution: readonly number[];
}

/** The resolutions that rounding can give, in ascending order; the longest side of each is its index times the step. */
export interface ResolutionLadder {
  /** The lowest rung at or above a coefficient. */
  readonly firstFrom: (gamma: number) => number;
  /** The highest rung at or below a coefficient. */
  readonly lastTo: (gamma: number) => number;
  readonly rungAt: (index: number) => Rung;
}

/** The largest side that can be costed. */
const maximumSide = 65_536;
/** Digits after which a double has no more. */
const mostDecimals = 15;

/** The ladder of a baseline, given as it is when it is not scaled. */
export function resolutionLadder({ resolution: sides, policy }: ScaledArchitecture): ResolutionLadder {
  const rounding = policy.resolution;
  const longest = Math.max(...sides);
  const highest = Math.floor(Math.min(maximumSide, longest * maximumCoefficient) / rounding.step);
  const rungs = new Map<number, Rung>();
  return {
    firstFrom: (gamma) => Math.max(1, Math.ceil((gamma * longest) / rounding.step - 1e-9)),
    lastTo: (gamma) => Math.min(highest, Math.floor((gamma * longest) / rounding.step + 1e-9)),
    rungAt: (index) => {
      const known = rungs.get(index);
      if (known !== undefined) return known;
      const gamma = coefficientFor(index * rounding.step, longest, rounding);
      const rung = { gamma, resolution: sides.map((side) => scaleSide(side, gamma, rounding)) };
      rungs.set(index, rung);
      return rung;
    },
  };
}

/** The coefficient of fewest decimals, from {@link solvedDecimals} on, that rounding takes from one side to another. */
function coefficientFor(wanted: number, side: number, rounding: ResolutionRounding): number {
  for (let decimals = solvedDecimals; decimals <= mostDecimals; decimals += 1) {
    const unit = 10 ** -decimals;
    const nearest = Number((wanted / side).toFixed(decimals));
    // A policy that truncates needs the next one up.
    const fitting = [nearest, Number((nearest + unit).toFixed(decimals))].find(
      (gamma) => scaleSide(side, gamma, rounding) === wanted,
    );
    if (fitting !== undefined) return fitting;
  }
  return wanted / side;
}
