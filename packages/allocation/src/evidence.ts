import type { Decision } from '@compound-search/contracts';
import { assess, type MeasuredCandidate } from '@compound-search/ranking';

import { expectMeans } from './expectations.ts';
import type { Standing } from './standing.ts';

/** A candidate with results that may be the best. */
export interface Prospect {
  readonly standing: Standing;
  /** How much higher the true mean of the first prospect is expected to be. */
  readonly gap: number;
  /** Standard deviation of that; 0 for the first one itself, and infinite where nothing tells. */
  readonly deviation: number;
  /** Variance of its trainings as the quick estimate has it: which of two candidates a training tells more about. */
  readonly trainingVariance: number;
}

/** Results of trainings that ran to their end. */
function resultsOf({ candidate, trainings, failure }: Standing): MeasuredCandidate {
  const ended = trainings.filter(({ epochs, state }) => epochs === null && state === 'reached');
  return {
    ...candidate,
    seeds: ended.map(({ seed }) => seed),
    accuracies: ended.map(({ values }) => values.get(null) ?? Number.NaN),
    failedTraining: failure !== null,
  };
}

/** Who leads and how sure that is, by the joint posterior of all results. */
export interface Weighed {
  readonly evidence: Decision['evidence'];
  /** From the best to the worst, without those whose training has failed; empty where nothing tells how far chance goes. */
  readonly prospects: readonly Prospect[];
}

/** By the joint posterior. `estimated` are the prospects by the quick estimate. */
export function weigh(
  standings: readonly Standing[],
  indifference: number,
  estimated: readonly Prospect[] = [],
): Weighed {
  const { leader, residual, candidates } = assess(standings.map(resultsOf), { indifference });
  const byFingerprint = new Map(standings.map((standing) => [standing.candidate.fingerprint, standing]));
  const variances = new Map(estimated.map((one) => [one.standing, one.trainingVariance]));
  const prospects = candidates.flatMap(({ fingerprint, behindLeader }): Prospect[] => {
    const standing = byFingerprint.get(fingerprint);
    if (standing?.failure !== null) return [];
    const trainingVariance = variances.get(standing) ?? 0;
    return [{ standing, gap: behindLeader?.mean ?? 0, deviation: behindLeader?.deviation ?? 0, trainingVariance }];
  });
  return {
    evidence: {
      leader: leader?.fingerprint ?? null,
      probabilityBest: leader?.probabilityCorrect ?? null,
      probabilityIndifferent: leader?.probabilityIndifferent ?? null,
    },
    prospects: residual === null ? [] : prospects,
  };
}

/**
 * The same prospects by a quick estimate; by the first results, with an infinite deviation, where nothing tells how far
 * chance carries those.
 */
export function estimateProspects(standings: readonly Standing[]): Prospect[] {
  const known = standings
    .filter(({ failure }) => failure === null)
    .map((standing) => ({ standing, results: resultsOf(standing) }))
    .filter(({ results }) => results.seeds.length > 0);
  const expectations = expectMeans(known.map(({ results }) => results));
  const expected = known
    .map(({ standing, results }, index) => ({
      standing,
      ...(expectations?.[index] ?? { mean: results.accuracies[0] ?? 0, variance: Infinity, trainingVariance: 1 }),
    }))
    .sort((one, other) => other.mean - one.mean || one.standing.candidate.macs - other.standing.candidate.macs);
  const [best] = expected;
  return expected.map(({ standing, mean, variance, trainingVariance }, index) => ({
    ...{ standing, trainingVariance },
    gap: (best?.mean ?? 0) - mean,
    deviation: index === 0 ? 0 : Math.sqrt(variance + (best?.variance ?? 0)),
  }));
}
