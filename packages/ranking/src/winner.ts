import type { Coefficients, Estimate } from '@compound-search/contracts';

import type { Difference, ExpectedAccuracy, Ranking } from './ranking.ts';

/** The best candidate, with the evidence. */
export interface Winner {
  readonly fingerprint: string;
  readonly validationAccuracy: Estimate;
  readonly expectedAccuracy: ExpectedAccuracy | null;
  /** Whether all of its ranking trials completed. */
  readonly complete: boolean;
  /** The second-best candidate and how much better the winner is; null where no other has completed a trial. */
  readonly runnerUp: (Difference & { readonly fingerprint: string }) | null;
  /** How sure the choice is, over all candidates. */
  readonly confidence: Omit<Coefficients['confidence'], 'reproduced' | 'tiedCoefficients'>;
}

/**
 * The winner of a leaderboard: its first row, which is a candidate whose training never failed wherever there is one.
 * Null where no trial of any candidate has completed. Before the last trial has ended it is the best so far.
 */
export function chooseWinner({ rows, probabilityIndifferent, indifference }: Ranking): Winner | null {
  const ranked = rows.filter(({ rank }) => rank !== null);
  const [best, second] = ranked;
  if (best?.validationAccuracy == null) return null;
  const { fingerprint, validationAccuracy, expectedAccuracy, trials, probabilityBest } = best;
  const behind = second?.behindBest ?? null;
  return {
    fingerprint,
    validationAccuracy,
    expectedAccuracy,
    complete: trials.completed === trials.total,
    runnerUp: second === undefined || behind === null ? null : { fingerprint: second.fingerprint, ...behind },
    confidence: {
      probabilityBest,
      probabilityIndifferent,
      indifference,
      tiedCandidates: ranked.filter(({ rank, tied }) => rank !== 1 && tied).length,
      rankedCandidates: ranked.length,
      failedTrials: rows.reduce((sum, { trials: { failed } }) => sum + failed, 0),
      missingTrials: rows.reduce(
        (sum, { trials: { failedBy, cancelled } }) => sum + failedBy.infrastructure + cancelled,
        0,
      ),
    },
  };
}
