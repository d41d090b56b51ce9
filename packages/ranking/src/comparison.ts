import studentCdf from '@stdlib/stats-base-dists-t-cdf';
import studentQuantile from '@stdlib/stats-base-dists-t-quantile';

import { type CandidateScores, meanOf } from './scores.ts';
import type { PooledVariance, Spread } from './spread.ts';

/** How much more accurate one candidate is than another, and how sure that is. */
export interface Comparison {
  /** Mean difference of validation accuracy, over the common seeds where there are any. */
  readonly difference: number;
  /** Common seeds that the difference was taken over; 0 where the means of different seeds are compared. */
  readonly commonSeeds: number;
  /** How far chance carries the difference; null where too few trials have completed to know. */
  readonly uncertainty: Uncertainty | null;
}

/** The uncertainty of a difference by Student's t distribution. */
export interface Uncertainty {
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  /** Probability that a difference this large or larger, of either sign, arises where there is none. */
  readonly pValue: number;
  /** Bounds of the 95 % confidence interval of the difference. */
  readonly interval: readonly [number, number];
}

/** Differences below this are the rounding error of equal accuracies. */
const smallestDifference = 1e-12;
const confidence = 0.95;

function twoSidedProbability(difference: number, standardError: number, degreesOfFreedom: number): number {
  if (Math.abs(difference) < smallestDifference) return 1;
  if (standardError === 0) return 0;
  return Math.min(1, 2 * studentCdf(-Math.abs(difference) / standardError, degreesOfFreedom));
}

function uncertainty(difference: number, pooled: PooledVariance | null, samples: number): Uncertainty | null {
  if (pooled === null) return null;
  const { degreesOfFreedom } = pooled;
  const standardError = Math.sqrt(pooled.variance * samples);
  const reach = standardError * studentQuantile((1 + confidence) / 2, degreesOfFreedom);
  return {
    standardError,
    degreesOfFreedom,
    pValue: twoSidedProbability(difference, standardError, degreesOfFreedom),
    interval: [difference - reach, difference + reach],
  };
}

/**
 * Compares two candidates that have completed trials: paired over their common seeds, so that what a seed does to both
 * cancels; by their means where they have none in common. The spread is that of many candidates together.
 */
export function compare(one: CandidateScores, other: CandidateScores, spread: Spread): Comparison {
  const differences = [...one.accuracies].flatMap(([seed, accuracy]) => {
    const paired = other.accuracies.get(seed);
    return paired === undefined ? [] : [accuracy - paired];
  });
  const commonSeeds = differences.length;
  if (commonSeeds > 0) {
    const difference = meanOf(differences);
    return { difference, commonSeeds, uncertainty: uncertainty(difference, spread.residual, 2 / commonSeeds) };
  }
  const difference = (one.mean ?? 0) - (other.mean ?? 0);
  const samples = 1 / one.accuracies.size + 1 / other.accuracies.size;
  return { difference, commonSeeds, uncertainty: uncertainty(difference, spread.within, samples) };
}
