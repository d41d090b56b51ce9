import {
  type CandidateScores,
  chooseWinner,
  estimate,
  type MeasuredCandidate,
  type RankedCandidate,
  type Ranking,
  rankScores,
} from '@compound-search/ranking';
import type { CandidateResults, SearchResults } from '@compound-search/store';

import { factorOf, objectiveFactors } from '../objective-values.ts';

/** What the order of a search's candidates follows from. */
export type RankableResults = Pick<SearchResults, 'candidates' | 'objective' | 'indifference'>;

/**
 * Ranks the candidates of a search by what its ranking trials have shown so far, best first. Where it ranks by another
 * objective than accuracy, differences and probabilities are of that; the accuracies of a row are accuracies.
 */
export function rankResults({ candidates, objective, indifference }: RankableResults): Ranking {
  const factors = objectiveFactors(objective, candidates);
  const ranking = rankScores(
    candidates.map((results) => toScores(results, factorOf(factors, results.fingerprint))),
    { indifference },
  );
  if (objective.kind === 'accuracy') return ranking;
  const measured = new Map(candidates.map(({ fingerprint, accuracies }) => [fingerprint, accuracies]));
  const rows = ranking.rows.map((row) => {
    const { fingerprint, expectedAccuracy } = row;
    return {
      ...row,
      validationAccuracy: estimate(measured.get(fingerprint) ?? []),
      expectedAccuracy: unweighted(expectedAccuracy, factorOf(factors, fingerprint)),
    };
  });
  return { ...ranking, rows };
}

/** What is believed of an accuracy, where that of its product with a factor is known. */
function unweighted(
  expected: RankedCandidate['expectedAccuracy'],
  factor: number,
): RankedCandidate['expectedAccuracy'] {
  if (expected === null) return null;
  const { mean, interval } = expected;
  return { ...expected, mean: mean / factor, interval: [interval[0] / factor, interval[1] / factor] };
}

/** The candidate to test once all ranking trials have ended; null where none of them completed. */
export function findWinner(results: RankableResults): CandidateResults | null {
  const winner = chooseWinner(rankResults(results));
  return results.candidates.find(({ fingerprint }) => fingerprint === winner?.fingerprint) ?? null;
}

/** A candidate as its assessment needs it. */
export function toMeasured({
  fingerprint,
  macs,
  seeds,
  accuracies,
  failedInTraining,
}: CandidateResults): MeasuredCandidate {
  return { fingerprint, macs, seeds, accuracies, failedTraining: failedInTraining > 0 };
}

function toScores(results: CandidateResults, factor: number): CandidateScores {
  const { fingerprint, macs, seeds, accuracies } = results;
  return {
    candidate: { fingerprint, macs },
    seeds,
    accuracies: factor === 1 ? accuracies : accuracies.map((accuracy) => factor * accuracy),
    trials: countTrials(results),
  };
}

/** How many trials of a candidate are in each state, as its row shows it. */
export function countTrials({ trials, failedInTraining }: CandidateResults): RankedCandidate['trials'] {
  const { queued, running, completed, failed, cancelled } = trials;
  return {
    total: queued + running + completed + failed + cancelled,
    ...trials,
    failedBy: { training: failedInTraining, infrastructure: failed - failedInTraining },
  };
}
