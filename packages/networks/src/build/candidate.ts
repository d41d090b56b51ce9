import type { Multipliers, Recipe } from '@compound-search/contracts';

import { findBaseline } from '../baselines/baselines.ts';
import type { NetworkDescription } from '../description/description.ts';
import { scaleBaseline, type ScaledArchitecture, type ScalingOptions } from './architecture.ts';

/** What a search fixes for all its candidates. */
export interface CandidateSetting {
  /** Channels of the data set's images, and its classes. */
  readonly channels: number;
  readonly classes: number;
  readonly recipe: Pick<Recipe, 'dropout' | 'stochasticDepth' | 'batchNormalizationMomentum'>;
}

/** What makes a candidate of a search. */
export interface CandidateRequest extends CandidateSetting {
  /** A description, or the name of a built-in baseline. */
  readonly baseline: string | NetworkDescription;
  readonly multipliers: Multipliers;
}

/** How a search scales its baseline: the planner and the trainer must build the same networks, so both take it from here. */
export function candidateScaling({ channels, classes, recipe }: CandidateSetting): ScalingOptions {
  return {
    input: { channels },
    classes,
    dropoutRate: recipe.dropout,
    stochasticDepthRate: recipe.stochasticDepth,
    normalizationMomentum: recipe.batchNormalizationMomentum,
  };
}

/**
 * The architecture of a candidate, as planned and as trained.
 *
 * @throws CompoundSearchError UNKNOWN_BASELINE, COEFFICIENT_INVALID or NETWORK_INVALID
 */
export function candidateArchitecture(request: CandidateRequest): ScaledArchitecture {
  const { baseline, multipliers } = request;
  const description = typeof baseline === 'string' ? findBaseline(baseline) : baseline;
  return scaleBaseline(description, multipliers, candidateScaling(request));
}
