import studentCdf from '@stdlib/stats-base-dists-t-cdf';

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

function twoSidedProbability(difference: number, standardError: number, degreesOfFreedom: number): number {
  if (Math.abs(difference) < smallestDifference) return 1;
  if (standardError === 0) return 0;
  return Math.min(1, 2 * studentCdf(-Math.abs(difference) / standardError, degreesOfFreedom));
}

function uncertainty(difference: number, pooled: PooledVariance | null, samples: number): Uncertainty | null {
  if (pooled === null) return null;
  const { degreesOfFreedom } = pooled;
  const standardError = Math.sqrt(pooled.variance * samples);
  const reach = standardError * pooled.reach;
  return {
    standardError,
    degreesOfFreedom,
    pValue: twoSidedProbability(difference, standardError, degreesOfFreedom),
    interval: [difference - reach, difference + reach],
  };
}

/** Differences of accuracy under the seeds that both have. */
function pairedDifferences(one: CandidateScores, other: CandidateScores): number[] {
  const differences: number[] = [];
  let place = 0;
  for (const [index, seed] of one.seeds.entries()) {
    while ((other.seeds[place] ?? Infinity) < seed) place += 1;
    if (other.seeds[place] === seed) differences.push((one.accuracies[index] ?? 0) - (other.accuracies[place] ?? 0));
  }
  return differences;
}

/**
 * Compares two candidates that have completed trials: paired over their common seeds, so that what a seed does to both
 * cancels; by their means where they have none in common. The spread is that of many candidates together.
 */
export function compare(one: CandidateScores, other: CandidateScores, spread: Spread): Comparison {
  const differences = pairedDifferences(one, other);
  const commonSeeds = differences.length;
  if (commonSeeds > 0) {
    const difference = meanOf(differences);
    return { difference, commonSeeds, uncertainty: uncertainty(difference, spread.residual, 2 / commonSeeds) };
  }
  const difference = (one.mean ?? 0) - (other.mean ?? 0);
  const samples = 1 / one.accuracies.length + 1 / other.accuracies.length;
  return { difference, commonSeeds, uncertainty: uncertainty(difference, spread.within, samples) };
}
