import { chooseWinner, rankCandidates, type RankedCandidate, type RankingTrial } from '@compound-search/ranking';
import type { CandidateResults, SearchResults } from '@compound-search/store';

/** Ranks the candidates of a search by what its ranking trials have shown so far, best first. */
export function rankResults({ candidates }: Pick<SearchResults, 'candidates'>): RankedCandidate[] {
  return rankCandidates({
    candidates: candidates.map(({ fingerprint, macs }) => ({ fingerprint, macs })),
    trials: candidates.flatMap(trialsOf),
  });
}

/** The candidate to test once all ranking trials have ended; null where none of them completed. */
export function findWinner(results: Pick<SearchResults, 'candidates'>): CandidateResults | null {
  const winner = chooseWinner(rankResults(results));
  return results.candidates.find(({ fingerprint }) => fingerprint === winner?.fingerprint) ?? null;
}

/** Of trials without an accuracy only their number and their fate is known, which is all that ranking asks. */
function trialsOf({ fingerprint, trials, failedInTraining, accuracies }: CandidateResults): RankingTrial[] {
  const without = (count: number, trial: Pick<RankingTrial, 'state' | 'failedBy'>): RankingTrial[] =>
    Array.from({ length: count }, (_, index) => ({ fingerprint, seed: index, validationAccuracy: null, ...trial }));
  return [
    ...accuracies.map(({ seed, accuracy }): RankingTrial => ({
      fingerprint,
      seed,
      state: 'completed',
      failedBy: null,
      validationAccuracy: accuracy,
    })),
    ...without(failedInTraining, { state: 'failed', failedBy: 'training' }),
    ...without(trials.failed - failedInTraining, { state: 'failed', failedBy: 'infrastructure' }),
    ...without(trials.cancelled, { state: 'cancelled', failedBy: null }),
    ...without(trials.queued, { state: 'queued', failedBy: null }),
    ...without(trials.running, { state: 'running', failedBy: null }),
  ];
}
