import type { Estimate, RankingTrialCounts } from '@compound-search/contracts';

import { compare, type Comparison } from './comparison.ts';
import { probabilitiesBest } from './probability-best.ts';
import {
  type CandidateScores,
  collectScores,
  estimate,
  type RankingCandidate,
  type RankingTrial,
  withMean,
} from './scores.ts';
import { estimateSpread } from './spread.ts';

/** Trial results to rank. */
export interface RankingRequest {
  readonly candidates: readonly RankingCandidate[];
  /** The ranking trials of all candidates, in any state and order. */
  readonly trials: readonly RankingTrial[];
}

/** A row of the leaderboard. */
export interface RankedCandidate {
  readonly fingerprint: string;
  /** 1 is best; null until a trial of the candidate has completed. */
  readonly rank: number | null;
  readonly validationAccuracy: Estimate | null;
  /** Cannot be told from the best. The best itself is tied where another row is. */
  readonly tied: boolean;
  /** Probability that its true mean is the highest of all; null where the spread over seeds is unknown. */
  readonly probabilityBest: number | null;
  /** How much better the best is; null for the best itself and for rows without a completed trial. */
  readonly behindBest: Comparison | null;
  readonly trials: RankingTrialCounts;
}

const significance = 0.05;

/** Whether a training of the candidate diverged or learned nothing: lost and cancelled trials say nothing about it. */
function hasFailedTraining({ trials }: CandidateScores): boolean {
  return trials.failedBy.training > 0;
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function compareRank(one: CandidateScores, other: CandidateScores): number {
  return (
    Number(one.mean === null) - Number(other.mean === null) ||
    Number(hasFailedTraining(one)) - Number(hasFailedTraining(other)) ||
    (other.mean ?? 0) - (one.mean ?? 0) ||
    one.candidate.macs - other.candidate.macs ||
    compareText(one.candidate.fingerprint, other.candidate.fingerprint)
  );
}

/** Bonferroni: the best is compared with `comparisons` rows, and the chance of any false difference shall stay at 5 %. */
function isTied({ difference, uncertainty }: Comparison, comparisons: number): boolean {
  return difference <= 0 || uncertainty === null || uncertainty.pValue * comparisons >= significance;
}

/**
 * Ranks candidates by mean validation accuracy over their seeds.
 *
 * Candidates of which a training failed come after those of which none did, since a training that can diverge is no
 * ground for winning. Trials that are open, cancelled or lost to the infrastructure do not count against a candidate: it
 * is ranked by what has completed. Equal means are ordered by multiply-adds, then by fingerprint. Rows without a
 * completed trial come last, without a rank.
 *
 * A row is tied with the best unless a t test tells them apart at the 5 % level, corrected for the number of rows that
 * the best is compared with; with one seed nothing can be told apart, so all rows are tied.
 *
 * @throws RangeError for a trial of no candidate and for two completed trials of one candidate and seed.
 */
export function rankCandidates({ candidates, trials }: RankingRequest): RankedCandidate[] {
  return rankScores(collectScores(candidates, trials));
}

/** Ranks candidates as {@link rankCandidates} does, where the accuracies of each are at hand already. */
export function rankScores(scores: readonly Omit<CandidateScores, 'mean'>[]): RankedCandidate[] {
  const sorted = scores.map(withMean).sort(compareRank);
  const ranked = sorted.filter(({ mean }) => mean !== null);
  const [best] = ranked;
  const spread = estimateSpread(ranked);
  const probabilities = probabilitiesBest(ranked, spread);
  const comparisons = ranked.map((other) =>
    best === undefined || other === best ? null : compare(best, other, spread),
  );
  const ties = comparisons.map((behind) => behind !== null && isTied(behind, ranked.length - 1));
  const bestIsTied = ties.includes(true);
  return sorted.map((own, index) => ({
    fingerprint: own.candidate.fingerprint,
    rank: index < ranked.length ? index + 1 : null,
    validationAccuracy: estimate(own.accuracies),
    tied: own === best ? bestIsTied : (ties[index] ?? false),
    probabilityBest: probabilities[index] ?? null,
    behindBest: comparisons[index] ?? null,
    trials: own.trials,
  }));
}
