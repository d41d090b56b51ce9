import {
  CompoundSearchError,
  type Constraint,
  constraintSchema,
  type CostMeasure,
  type GridRequest,
} from '@compound-search/contracts';
import { findBaseline, scaleBaseline, summarizeNetwork, trainingMemory } from '@compound-search/networks';

import { expandAxis, type PlanRequest, planSearch } from '../src/index.ts';

/** Plans with a constraint on exact cost, and the same cost computed apart from them. */

export const training = { batch: 16, optimizerSlots: 1, weightAverage: false };
export const base: PlanRequest & { readonly grid: GridRequest } = {
  grid: { alpha: [1, 1.2, 1.5, 2], beta: [1, 1.1, 1.2], gamma: { from: 1, to: 1.4, step: 0.05 } },
  constraint: constraintSchema.parse({ measure: 'macs' }),
  baseline: findBaseline('efficientnet-micro'),
  training,
  image: { height: 28, width: 28 },
  limits: { maximumCandidates: 100_000 },
};

export type Coefficients = readonly [alpha: number, beta: number, gamma: number];

/** A network's exact cost over the baseline's, from its planned layers. */
export function ratioAt(
  [depth, width, resolution]: Coefficients,
  measure: CostMeasure,
  baseline: PlanRequest['baseline'] = base.baseline,
): number {
  const cost = (multipliers: { depth: number; width: number; resolution: number }): number => {
    const { totals } = summarizeNetwork(scaleBaseline(baseline, multipliers));
    if (measure === 'formula') throw new Error('The formula is no exact cost.');
    return measure === 'memory' ? trainingMemory(totals, training).total : totals[measure];
  };
  return cost({ depth, width, resolution }) / cost({ depth: 1, width: 1, resolution: 1 });
}

export function pointsOf(changes: Partial<PlanRequest>): Coefficients[] {
  return planSearch({ ...base, ...changes })
    .candidates.flatMap(({ points }) => points.map(({ alpha, beta, gamma }): Coefficients => [alpha, beta, gamma]))
    .sort((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2]);
}

export function refusal(changes: Partial<PlanRequest>): CompoundSearchError {
  try {
    planSearch({ ...base, ...changes });
  } catch (error) {
    if (error instanceof CompoundSearchError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

export function constraint(changes: Partial<Constraint>): Constraint {
  return constraintSchema.parse({ measure: 'macs', ...changes });
}

export function allPoints({ alpha, beta, gamma }: GridRequest): Coefficients[] {
  if (alpha === 'solve' || beta === 'solve' || gamma === 'solve') throw new Error('An axis is solved.');
  return expandAxis('alpha', alpha, { minimum: 0.1 }).flatMap((one) =>
    expandAxis('beta', beta, { minimum: 0.1 }).flatMap((two) =>
      expandAxis('gamma', gamma, { minimum: 0.1 }).map((three): Coefficients => [one, two, three]),
    ),
  );
}
