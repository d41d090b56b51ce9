import { CompoundSearchError, type Constraint } from '@compound-search/contracts';
import {
  countsAtResolution,
  type CountsByRepeats,
  countsOfChannels,
  countsWithRepeats,
  type NetworkCounts,
  scaleBaseline,
  type ScaledArchitecture,
} from '@compound-search/networks';
import { unscaled } from '@compound-search/scaling';

import { costRatio, type CostReference, type ExactMeasure } from './exact-cost.ts';
import type { GridLimits, ListedGrid } from './listed-grid.ts';
import { type ResolutionLadder, resolutionLadder } from './resolution-ladder.ts';
import { depthLevels, type Level, type Levels, resolutionLevels, type Scaling, widthLevels } from './scaled-levels.ts';

/** A grid, a baseline and a measure. */
export interface ExactRequest {
  readonly grid: ListedGrid;
  readonly constraint: Constraint;
  readonly measure: ExactMeasure;
  readonly scaling: Scaling;
  readonly reference: CostReference;
}

/** A grid by the networks that its axes round to. */
export interface ExactSpace {
  readonly grid: ListedGrid;
  readonly constraint: Constraint;
  readonly depths: Levels<readonly number[]>;
  readonly widths: Levels<ScaledArchitecture>;
  /** Empty where gamma is solved. */
  readonly resolutions: Levels<readonly number[]>;
  readonly ladder: ResolutionLadder;
  readonly ratioOf: (counts: NetworkCounts) => number;
  /** Counts one network against what a request may take. */
  readonly spend: () => void;
}

/** Grid points that are one network. */
export interface Cell {
  readonly alphas: readonly number[];
  readonly betas: readonly number[];
  readonly gammas: readonly number[];
  readonly counts: NetworkCounts;
  readonly ratio: number;
  /** How many more gammas of the grid were moved to this one. */
  readonly moved: number;
  /** No resolution is lower. */
  readonly isLowest: boolean;
}

const defaultMaximumCosted = 200_000;

/** The levels of a grid's axes, with what it takes to cost their combinations. */
export function exactSpace(
  { grid, constraint, measure, scaling, reference }: ExactRequest,
  { maximumCosted = defaultMaximumCosted }: GridLimits,
): ExactSpace {
  const valuesOf = (name: 'alpha' | 'beta' | 'gamma'): readonly number[] => grid.values.get(name) ?? [];
  let costed = 0;
  return {
    grid,
    constraint,
    depths: depthLevels(valuesOf('alpha'), scaling),
    widths: widthLevels(valuesOf('beta'), scaling),
    resolutions: resolutionLevels(valuesOf('gamma'), scaling),
    ladder: resolutionLadder(scaleBaseline(scaling.baseline, unscaled, scaling.scaling)),
    ratioOf: (counts) => costRatio(counts, measure, reference),
    spend: () => {
      costed += 1;
      if (costed > maximumCosted) throw tooManyToCost(maximumCosted, constraint);
    },
  };
}

function tooManyToCost(maximumCosted: number, { measure }: Constraint): CompoundSearchError {
  return new CompoundSearchError(
    'GRID_TOO_LARGE',
    `More than ${maximumCosted} networks would have to be costed to find those whose ${measure} meet the constraint.`,
    {
      field: 'grid',
      value: maximumCosted,
      remedy: 'Use larger steps or shorter ranges, or set constraint.measure to formula.',
    },
  );
}

/** The first index from `low` on for which `holds`, which stays true from there; `high` where there is none below it. */
export function firstIndex(low: number, high: number, holds: (index: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** The counts of some channels at any resolution, each computed once. */
export function countsByResolution(
  { spend }: ExactSpace,
  { sizes }: Level<ScaledArchitecture>,
): (key: number, resolution: readonly number[]) => CountsByRepeats {
  const ofChannels = countsOfChannels(sizes);
  const known = new Map<number, CountsByRepeats>();
  return (key, resolution) => {
    const counts = known.get(key);
    if (counts !== undefined) return counts;
    spend();
    const made = countsAtResolution(ofChannels, resolution);
    known.set(key, made);
    return made;
  };
}

/** The points of some alphas and betas with some gammas, as one network. */
export function cellOf(
  { ratioOf }: ExactSpace,
  levels: {
    readonly depth: Level<readonly number[]>;
    readonly width: Level<unknown>;
    readonly gammas: readonly number[];
  },
  byRepeats: CountsByRepeats,
): Cell {
  const { depth, width, gammas } = levels;
  const counts = countsWithRepeats(byRepeats, depth.sizes);
  return {
    alphas: depth.values,
    betas: width.values,
    gammas,
    counts,
    ratio: ratioOf(counts),
    moved: 0,
    isLowest: false,
  };
}
