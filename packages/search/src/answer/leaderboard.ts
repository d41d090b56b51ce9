import { blameOf, type Leaderboard, type LeaderboardRow } from '@compound-search/contracts';
import { chooseWinner, rankCandidates, type RankedCandidate } from '@compound-search/ranking';
import type { CandidateOutcome, SearchOutcome } from '@compound-search/store';

/** Ranks the candidates of a search by what its ranking trials have shown so far, best first. */
export function rankOutcome({ candidates }: SearchOutcome): RankedCandidate[] {
  return rankCandidates({
    candidates: candidates.map(({ candidate: { fingerprint, macs } }) => ({ fingerprint, macs })),
    trials: candidates.flatMap(({ candidate: { fingerprint }, trials }) =>
      trials.map(({ seed, state, result, failure }) => ({
        fingerprint,
        seed,
        state,
        failedBy: state === 'failed' && failure !== null ? blameOf(failure.code) : null,
        validationAccuracy: result?.validationAccuracy ?? null,
      })),
    ),
  });
}

/** The leaderboard of a search, whether it has ended or not. */
export function toLeaderboard(outcome: SearchOutcome): Leaderboard {
  const byFingerprint = new Map(outcome.candidates.map((entry) => [entry.candidate.fingerprint, entry]));
  const rows = rankOutcome(outcome).flatMap(({ fingerprint, behindBest, ...ranked }): LeaderboardRow[] => {
    const entry = byFingerprint.get(fingerprint);
    if (entry === undefined) return [];
    return [{ ...entry.candidate, candidateId: entry.candidateId, ...ranked, behindBest: toDifference(behindBest) }];
  });
  return { searchId: outcome.searchId, state: outcome.state, baseline: outcome.baseline, rows };
}

function toDifference(comparison: RankedCandidate['behindBest']): LeaderboardRow['behindBest'] {
  if (comparison === null) return null;
  const { difference, uncertainty } = comparison;
  if (uncertainty === null) return { difference, standardError: null, interval: null };
  return { difference, standardError: uncertainty.standardError, interval: [...uncertainty.interval] };
}

/** The candidate to test once all ranking trials have ended; null where none of them completed. */
export function findWinner(outcome: SearchOutcome): CandidateOutcome | null {
  const winner = chooseWinner(rankOutcome(outcome));
  return outcome.candidates.find(({ candidate }) => candidate.fingerprint === winner?.fingerprint) ?? null;
}
