import {
  type AssessmentOptions,
  type CandidateScores,
  chooseWinner,
  type Ranking,
  rankScores,
} from '@compound-search/ranking';
import type { CandidateResults, SearchResults } from '@compound-search/store';

/** Ranks the candidates of a search by what its ranking trials have shown so far, best first. */
export function rankResults(
  { candidates }: Pick<SearchResults, 'candidates'>,
  options: AssessmentOptions = {},
): Ranking {
  return rankScores(candidates.map(toScores), options);
}

/** The candidate to test once all ranking trials have ended; null where none of them completed. */
export function findWinner(results: Pick<SearchResults, 'candidates'>): CandidateResults | null {
  const winner = chooseWinner(rankResults(results));
  return results.candidates.find(({ fingerprint }) => fingerprint === winner?.fingerprint) ?? null;
}

function toScores(results: CandidateResults): CandidateScores {
  const { fingerprint, macs, seeds, accuracies, trials, failedInTraining } = results;
  const { queued, running, completed, failed, cancelled } = trials;
  return {
    candidate: { fingerprint, macs },
    seeds,
    accuracies,
    trials: {
      total: queued + running + completed + failed + cancelled,
      ...trials,
      failedBy: { training: failedInTraining, infrastructure: failed - failedInTraining },
    },
  };
}
