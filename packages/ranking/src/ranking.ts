import type { Estimate, RankingTrialCounts } from '@compound-search/contracts';

import { assess, type Assessment, type AssessmentOptions } from './assess.ts';
import type { MeasuredCandidate } from './observations.ts';
import type { Interval } from './posterior.ts';
import { type CandidateScores, collectScores, estimate, type RankingCandidate, type RankingTrial } from './scores.ts';

/** Trial results to rank. */
export interface RankingRequest {
  readonly candidates: readonly RankingCandidate[];
  /** The ranking trials of all candidates, in any state and order. */
  readonly trials: readonly RankingTrial[];
}

/** What a true mean is expected to be, and the bounds between which it lies with a probability of 95 %. */
export interface ExpectedAccuracy {
  readonly mean: number;
  readonly interval: Interval;
}

/** How much higher the true mean of the best is than that of another candidate. */
export interface Difference {
  readonly difference: number;
  /** Null where too few trials have completed to know. */
  readonly standardError: number | null;
  /** Bounds of 95 %; null where the standard error is. */
  readonly interval: Interval | null;
}

/** A row of the leaderboard. */
export interface RankedCandidate {
  readonly fingerprint: string;
  /** 1 is best; null until a trial of the candidate has completed. */
  readonly rank: number | null;
  readonly validationAccuracy: Estimate | null;
  /** Null where the spread over seeds is unknown. */
  readonly expectedAccuracy: ExpectedAccuracy | null;
  /** Cannot be told from the best. The best itself is tied where another row is. */
  readonly tied: boolean;
  /** Probability that its true mean is the highest of all; null where the spread over seeds is unknown. */
  readonly probabilityBest: number | null;
  /** How much better the best is; null for the best itself and for rows without a completed trial. */
  readonly behindBest: Difference | null;
  readonly trials: RankingTrialCounts;
}

/** The leaderboard with what is known of its first row. */
export interface Ranking {
  readonly rows: readonly RankedCandidate[];
  /** That the true mean of the first row is within the indifference of the highest; null where unknown or without a row. */
  readonly probabilityIndifferent: number | null;
  readonly indifference: number;
}

type Assessed = Assessment['candidates'][number];

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Those without a result, among which nothing decides but the failures: they come last. */
function compareWithoutResult(one: CandidateScores, other: CandidateScores): number {
  return (
    Number(one.trials.failedBy.training > 0) - Number(other.trials.failedBy.training > 0) ||
    one.candidate.macs - other.candidate.macs ||
    compareText(one.candidate.fingerprint, other.candidate.fingerprint)
  );
}

/** Whether a training of the candidate diverged or learned nothing: lost and cancelled trials say nothing about it. */
function toMeasured({ candidate, seeds, accuracies, trials }: CandidateScores): MeasuredCandidate {
  const { fingerprint, macs } = candidate;
  return { fingerprint, macs, seeds, accuracies, failedTraining: trials.failedBy.training > 0 };
}

function toDifference({ mean, behindLeader }: Assessed, leader: Assessed): Difference {
  if (behindLeader === null) return { difference: leader.mean - mean, standardError: null, interval: null };
  return {
    difference: behindLeader.mean,
    standardError: behindLeader.deviation,
    interval: behindLeader.interval,
  };
}

function toRow(
  scores: CandidateScores,
  assessed: Assessed | undefined,
  place: number,
  leader: Assessed | undefined,
): RankedCandidate {
  const { candidate, accuracies, trials } = scores;
  const { fingerprint } = candidate;
  if (assessed === undefined || leader === undefined) {
    const unknown = { validationAccuracy: null, expectedAccuracy: null, tied: false, probabilityBest: null };
    return { fingerprint, rank: null, ...unknown, behindBest: null, trials };
  }
  const { trueMean, tied, probabilityBest } = assessed;
  return {
    fingerprint,
    rank: place + 1,
    validationAccuracy: estimate(accuracies),
    expectedAccuracy: trueMean === null ? null : { mean: trueMean.mean, interval: trueMean.interval },
    tied,
    probabilityBest,
    behindBest: place === 0 ? null : toDifference(assessed, leader),
    trials,
  };
}

/**
 * Ranks candidates by their expected true mean of the validation accuracy over seeds, as {@link assess} has it: where all
 * have the same seeds that is the order of their mean accuracies.
 *
 * Candidates of which a training failed come after those of which none did, since a training that can diverge is no
 * ground for winning. Trials that are open, cancelled or lost to the infrastructure do not count against a candidate: it
 * is ranked by what has completed. Equals are ordered by multiply-adds, then by fingerprint. Rows without a completed
 * trial come last, without a rank.
 *
 * @throws RangeError for a trial of no candidate and for two completed trials of one candidate and seed.
 */
export function rankCandidates({ candidates, trials }: RankingRequest, options: AssessmentOptions = {}): Ranking {
  return rankScores(collectScores(candidates, trials), options);
}

/** Ranks candidates as {@link rankCandidates} does, where the accuracies of each are at hand already. */
export function rankScores(scores: readonly CandidateScores[], options: AssessmentOptions = {}): Ranking {
  const { candidates, leader, indifference } = assess(scores.map(toMeasured), options);
  const byFingerprint = new Map(scores.map((own) => [own.candidate.fingerprint, own]));
  const [first] = candidates;
  const ranked = candidates.flatMap((assessed, place) => {
    const own = byFingerprint.get(assessed.fingerprint);
    byFingerprint.delete(assessed.fingerprint);
    return own === undefined ? [] : [toRow(own, assessed, place, first)];
  });
  const rest = [...byFingerprint.values()].sort(compareWithoutResult);
  const rows = [...ranked, ...rest.map((own) => toRow(own, undefined, 0, undefined))];
  return { rows, probabilityIndifferent: leader?.probabilityIndifferent ?? null, indifference };
}
