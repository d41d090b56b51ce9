import type { Leaderboard, LeaderboardRow } from '@compound-search/contracts';
import { chooseWinner, rankCandidates, type RankedCandidate } from '@compound-search/ranking';
import type { CandidateOutcome, SearchOutcome } from '@compound-search/store';

/** Ranks the candidates of a search by what its ranking trials have shown so far, best first. */
export function rankOutcome({ candidates }: SearchOutcome): RankedCandidate[] {
  return rankCandidates({
    candidates: candidates.map(({ candidate: { fingerprint, macs } }) => ({ fingerprint, macs })),
    trials: candidates.flatMap(({ candidate: { fingerprint }, trials }) =>
      trials.map(({ seed, state, result }) => ({
        fingerprint,
        seed,
        state,
        validationAccuracy: result?.validationAccuracy ?? null,
      })),
    ),
  });
}

/** The leaderboard of a search, whether it has ended or not. */
export function toLeaderboard(outcome: SearchOutcome): Leaderboard {
  const byFingerprint = new Map(outcome.candidates.map((entry) => [entry.candidate.fingerprint, entry]));
  const rows = rankOutcome(outcome).flatMap(
    ({ fingerprint, rank, validationAccuracy, tied, trials }): LeaderboardRow[] => {
      const entry = byFingerprint.get(fingerprint);
      if (entry === undefined) return [];
      return [{ ...entry.candidate, candidateId: entry.candidateId, rank, validationAccuracy, tied, trials }];
    },
  );
  return { searchId: outcome.searchId, state: outcome.state, baseline: outcome.baseline, rows };
}

/** The candidate to test once all ranking trials have ended; null where none of them completed. */
export function findWinner(outcome: SearchOutcome): CandidateOutcome | null {
  const winner = chooseWinner(rankOutcome(outcome));
  return outcome.candidates.find(({ candidate }) => candidate.fingerprint === winner?.fingerprint) ?? null;
}
