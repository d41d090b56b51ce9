import { type CountsByRepeats, countsWithRepeats, type ScaledArchitecture } from '@compound-search/networks';

import type { Band } from './constraint-band.ts';
import { type Cell, cellOf, countsByResolution, type ExactSpace, firstIndex } from './exact-space.ts';
import type { Level } from './scaled-levels.ts';

/** A run of rungs of the ladder, both ends included; none where the last is below the first. */
interface Rungs {
  readonly first: number;
  readonly last: number;
}

/** A gamma of the grid with the rungs that it may be moved to. */
interface Step extends Rungs {
  readonly gamma: number;
  readonly resolution: readonly number[];
}

/** Of negative numbers, so that a resolution off the ladder has a key of its own. */
function keyOfStep(index: number): number {
  return -1 - index;
}

/** Each gamma with the rungs from halfway to the one before to halfway to the one after; at an end as far as inwards. */
function stepsOf({ ladder, resolutions, grid }: ExactSpace): Step[] {
  const own = resolutions.levels.flatMap(({ values, sizes }) => values.map((gamma) => ({ gamma, resolution: sizes })));
  return own.map(({ gamma, resolution }, index) => {
    const before = own[index - 1]?.gamma;
    const after = own[index + 1]?.gamma;
    const below = (gamma - (before ?? 2 * gamma - (after ?? gamma))) / 2;
    const above = ((after ?? 2 * gamma - (before ?? gamma)) - gamma) / 2;
    const first = ladder.firstFrom(Math.max(grid.minimum, gamma - below));
    return { gamma, resolution, first, last: ladder.lastTo(gamma + above) };
  });
}

interface Ratios {
  readonly atRung: (index: number) => number;
  readonly atStep: (index: number) => number;
}

/** The rung whose cost is nearest to the target, the lower of two that are equally near; undefined where there is none. */
function nearestRung({ first, last }: Rungs, target: number, ratioAt: (index: number) => number): number | undefined {
  if (last < first) return undefined;
  const above = firstIndex(first, last, (index) => ratioAt(index) >= target);
  if (above === first) return first;
  return target - ratioAt(above - 1) <= Math.abs(ratioAt(above) - target) ? above - 1 : above;
}

/** The rung that a gamma is moved to; undefined where it stays, as where no rung is nearer to the target. */
function tunedRung(step: Step, index: number, target: number, { atRung, atStep }: Ratios): number | undefined {
  const rung = nearestRung(step, target, atRung);
  if (rung === undefined) return undefined;
  return Math.abs(atRung(rung) - target) < Math.abs(atStep(index) - target) ? rung : undefined;
}

/** The counts and cost of one choice of channels and depth, at rungs of the ladder and at the grid's own resolutions. */
interface Choice {
  readonly space: ExactSpace;
  readonly width: Level<ScaledArchitecture>;
  readonly depth: Level<readonly number[]>;
  readonly countsAtRung: (index: number) => CountsByRepeats;
  readonly countsAtStep: (index: number) => CountsByRepeats;
  readonly ratios: Ratios;
}

function* choices(space: ExactSpace, steps: readonly Step[]): Generator<Choice> {
  for (const width of space.widths.levels) {
    const countsAt = countsByResolution(space, width);
    const countsAtRung = (index: number) => countsAt(index, space.ladder.rungAt(index).resolution);
    const countsAtStep = (index: number) => countsAt(keyOfStep(index), steps[index]?.resolution ?? []);
    for (const depth of space.depths.levels) {
      space.spend();
      const ratios: Ratios = {
        atRung: (index) => space.ratioOf(countsWithRepeats(countsAtRung(index), depth.sizes)),
        atStep: (index) => space.ratioOf(countsWithRepeats(countsAtStep(index), depth.sizes)),
      };
      yield { space, width, depth, countsAtRung, countsAtStep, ratios };
    }
  }
}

function tunedCell(choice: Choice, step: Step, index: number): Cell {
  const { space, width, depth, countsAtRung, countsAtStep, ratios } = choice;
  const rung = tunedRung(step, index, space.constraint.target, ratios);
  return rung === undefined
    ? cellOf(space, { depth, width, gammas: [step.gamma] }, countsAtStep(index))
    : cellOf(space, { depth, width, gammas: [space.ladder.rungAt(rung).gamma] }, countsAtRung(rung));
}

/**
 * The networks of a listed grid with gamma moved, within its step, to where the cost is nearest to the target, as far as
 * that lies in the band. Two gammas that are moved to one resolution between them are one point.
 */
export function* tunedCells(space: ExactSpace, { least, most }: Band): Generator<Cell> {
  const steps = stepsOf(space);
  for (const choice of choices(space, steps)) {
    const { atRung, atStep } = choice.ratios;
    const highest = (index: number): number => {
      const { first = 1, last = 0 } = steps[index] ?? {};
      return last < first ? atStep(index) : Math.max(atStep(index), atRung(last));
    };
    const start = firstIndex(0, steps.length, (index) => highest(index) >= least);
    const found = new Map<number, Cell>();
    for (const [offset, step] of steps.slice(start).entries()) {
      const cell = tunedCell(choice, step, start + offset);
      if (cell.ratio > most) break;
      if (cell.ratio < least) continue;
      const [gamma = step.gamma] = cell.gammas;
      const same = found.get(gamma);
      found.set(gamma, same === undefined ? cell : { ...same, moved: same.moved + 1 });
    }
    yield* found.values();
  }
}

/** The networks of each alpha and beta at the gamma whose cost is nearest to the target, wherever that lies. */
export function* solvedCells(space: ExactSpace): Generator<Cell> {
  const { ladder, constraint, grid } = space;
  const rungs = { first: ladder.firstFrom(grid.minimum), last: ladder.lastTo(Number.POSITIVE_INFINITY) };
  for (const { width, depth, countsAtRung, ratios } of choices(space, [])) {
    const rung = nearestRung(rungs, constraint.target, ratios.atRung);
    if (rung === undefined) continue;
    const cell = cellOf(space, { depth, width, gammas: [ladder.rungAt(rung).gamma] }, countsAtRung(rung));
    yield { ...cell, isLowest: rung === rungs.first };
  }
}
