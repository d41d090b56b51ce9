import type { Multipliers, Recipe } from '@compound-search/contracts';

import { scaleBaseline, type ScaledArchitecture } from './architecture.ts';
import { findBaseline } from './baselines/baselines.ts';

/** What makes a candidate of a search: the planner and the trainer must build the same network from it. */
export interface CandidateRequest {
  readonly baseline: string;
  readonly multipliers: Multipliers;
  /** Channels of the data set's images, and its classes. */
  readonly channels: number;
  readonly classes: number;
  readonly recipe: Pick<Recipe, 'dropout' | 'stochasticDepth' | 'batchNormalizationMomentum'>;
}

/**
 * The architecture of a candidate, as planned and as trained.
 *
 * @throws CompoundSearchError UNKNOWN_BASELINE, COEFFICIENT_INVALID or NETWORK_INVALID
 */
export function candidateArchitecture({
  baseline,
  multipliers,
  channels,
  classes,
  recipe,
}: CandidateRequest): ScaledArchitecture {
  return scaleBaseline(findBaseline(baseline), multipliers, {
    input: { channels },
    classes,
    dropoutRate: recipe.dropout,
    stochasticDepthRate: recipe.stochasticDepth,
    normalizationMomentum: recipe.batchNormalizationMomentum,
  });
}
