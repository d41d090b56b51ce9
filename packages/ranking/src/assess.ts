import studentQuantile from '@stdlib/stats-base-dists-t-quantile';

import type { MeasuredCandidate } from './observations.ts';
import { type Conclusion, type Estimation, type Interval, posteriorOf } from './posterior.ts';
import { meanOf, squaredDeviations } from './scores.ts';
import { findSetApart } from './set-apart.ts';
import { type PooledVariance, spreadOf } from './spread.ts';
import { tiedSet } from './tied-set.ts';

/** How far below the highest true mean a winner is as good as the best: 0.2 points of accuracy. */
export const defaultIndifference = 0.002;

export interface AssessmentOptions {
  /** A fraction of accuracy. @defaultValue 0.002 */
  readonly indifference?: number;
}

/** What is known of a candidate with a completed training. Nothing here is NaN or infinite: what is unknown is null. */
export interface AssessedCandidate {
  readonly fingerprint: string;
  /** Arithmetic mean of its accuracies. */
  readonly mean: number;
  readonly seeds: number;
  /** What its true mean is expected to be, and how far it may be from that; null where the spread is unknown. */
  readonly trueMean: Estimation | null;
  /** How much higher the leader's true mean is; null for the leader and where the spread is unknown. */
  readonly behindLeader: Estimation | null;
  /** Probability that its true mean is the highest of all that may win; null where the spread is unknown. */
  readonly probabilityBest: number | null;
  /** In the smallest set that holds the best with a probability of 95 %. The leader is tied where another one is. */
  readonly tied: boolean;
}

/** The candidate that is expected to be the best. */
export interface Leader {
  readonly fingerprint: string;
  /** Probability that it is the best; null where the spread is unknown. */
  readonly probabilityCorrect: number | null;
  /** Probability that its true mean is no further than the indifference below the highest of all that may win. */
  readonly probabilityIndifferent: number | null;
}

/** How much the accuracies of one candidate differ by the seed, apart from what a seed does to all candidates. */
export interface ResidualVariance {
  readonly variance: number;
  readonly degreesOfFreedom: number;
}

export interface Assessment {
  /** Those with a completed training, from the best to the worst. */
  readonly candidates: readonly AssessedCandidate[];
  /** The first of them; null where no training has completed. */
  readonly leader: Leader | null;
  readonly residual: ResidualVariance | null;
  readonly indifference: number;
}

interface Ranked extends MeasuredCandidate {
  readonly mean: number;
  /** By what it is ranked: its expected true mean, or its plain mean where the spread is unknown. */
  readonly merit: number;
}

type Measured = Omit<Ranked, 'merit'>;

/** Drops what is no accuracy: a training that ended with none has failed. */
function withoutFailed(candidate: MeasuredCandidate): MeasuredCandidate {
  const finite = candidate.accuracies.map((accuracy) => Number.isFinite(accuracy));
  if (!finite.includes(false)) return candidate;
  return {
    ...candidate,
    seeds: candidate.seeds.filter((_, index) => finite[index]),
    accuracies: candidate.accuracies.filter((_, index) => finite[index]),
    failedTraining: true,
  };
}

function measure(candidate: MeasuredCandidate): Measured[] {
  const { fingerprint, macs, seeds, accuracies, failedTraining } = withoutFailed(candidate);
  return accuracies.length === 0
    ? []
    : [{ fingerprint, macs, seeds, accuracies, failedTraining, mean: meanOf(accuracies) }];
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function compareMerit(one: Ranked, other: Ranked): number {
  return (
    Number(one.failedTraining) - Number(other.failedTraining) ||
    other.merit - one.merit ||
    one.macs - other.macs ||
    compareText(one.fingerprint, other.fingerprint)
  );
}

/** A candidate of which a training failed cannot be the best, unless that is so of all. */
function eligibleOf(ranked: readonly Ranked[]): number[] {
  const sound = ranked.flatMap(({ failedTraining }, index) => (failedTraining ? [] : [index]));
  return sound.length > 0 ? sound : ranked.map((_, index) => index);
}

function certainty(mean: number): Estimation {
  return { mean, deviation: 0, interval: [mean, mean] };
}

/** Of the mean of one candidate by its own accuracies alone. */
function ownEstimation({ mean, accuracies }: Measured): Estimation | null {
  const seeds = accuracies.length;
  if (seeds < 2) return null;
  const deviation = Math.sqrt(squaredDeviations(accuracies) / (seeds - 1) / seeds);
  const reach = deviation * studentQuantile(0.975, seeds - 1);
  const interval: Interval = [mean - reach, mean + reach];
  return { mean, deviation, interval };
}

type Known = Pick<AssessedCandidate, 'trueMean' | 'behindLeader' | 'probabilityBest'>;

const unknown: Known = { trueMean: null, behindLeader: null, probabilityBest: null };

interface Findings {
  readonly ofCandidates: readonly Known[];
  readonly probabilityIndifferent: number | null;
}

/** Trainings that repeat to the digit whatever the seed: the highest mean is the best for certain, equal ones share. */
function concludeWithoutSpread(ranked: readonly Ranked[], eligible: readonly number[]): Findings {
  const highest = eligible.reduce((value, index) => Math.max(value, ranked[index]?.mean ?? 0), -Infinity);
  const best = new Set(eligible.filter((index) => ranked[index]?.mean === highest));
  const leaderMean = ranked[0]?.mean ?? 0;
  return {
    ofCandidates: ranked.map((candidate, index) => ({
      trueMean: ownEstimation(candidate),
      behindLeader: certainty(leaderMean - candidate.mean),
      probabilityBest: best.has(index) ? 1 / best.size : 0,
    })),
    probabilityIndifferent: 1,
  };
}

function concludeNothing(ranked: readonly Ranked[]): Findings {
  const alone = ranked.length === 1 ? 1 : null;
  return {
    ofCandidates: ranked.map(() => ({ ...unknown, probabilityBest: alone })),
    probabilityIndifferent: alone,
  };
}

function toFindings({ ofMean, behindLeader, probabilitiesBest, probabilityIndifferent }: Conclusion): Findings {
  return {
    ofCandidates: ofMean.map((trueMean, index) => ({
      trueMean,
      behindLeader: behindLeader[index] ?? null,
      probabilityBest: probabilitiesBest[index] ?? 0,
    })),
    probabilityIndifferent,
  };
}

/** Twelve digits keep rounding errors of sums from deciding between equal candidates. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

function rank(measured: readonly Measured[], merits: readonly number[]): { ranked: Ranked[]; places: number[] } {
  const rows = measured.map((own, place) => ({ ...own, merit: rounded(merits[place] ?? 0), place }));
  rows.sort(compareMerit);
  return { ranked: rows, places: rows.map(({ place }) => place) };
}

interface Verdict {
  readonly ranked: readonly Ranked[];
  readonly findings: Findings;
}

/** How far the leader is above a candidate that is not drawn from what the others are drawn from. */
function behind(leader: Estimation | undefined, own: Estimation | null): Estimation | null {
  if (leader === undefined || own === null) return null;
  const mean = leader.mean - own.mean;
  const deviation = Math.hypot(leader.deviation, own.deviation);
  const reach = Math.hypot(leader.mean - leader.interval[0], own.mean - own.interval[0]);
  return { mean, deviation, interval: [mean - reach, mean + reach] };
}

function concludeApart(candidate: Measured, leader: Estimation | undefined): Known {
  const trueMean = ownEstimation(candidate);
  return { trueMean, behindLeader: behind(leader, trueMean), probabilityBest: 0 };
}

/** Candidates that are set apart have their plain mean for a merit. */
function rankAll(measured: readonly Measured[], joined: readonly Measured[], means: readonly number[]): Ranked[] {
  const merits = new Map(joined.map(({ fingerprint }, place) => [fingerprint, means[place] ?? 0]));
  return rank(
    measured,
    measured.map(({ fingerprint, mean }) => merits.get(fingerprint) ?? mean),
  ).ranked;
}

function judgeByPosterior(measured: readonly Measured[], joined: readonly Measured[], indifference: number): Verdict {
  const posterior = posteriorOf(joined);
  const { ranked: rankedJoined, places: placesJoined } = rank(joined, posterior.means);
  const leader = placesJoined[0] ?? 0;
  const eligible = eligibleOf(rankedJoined).map((index) => placesJoined[index] ?? 0);
  const { ofCandidates, probabilityIndifferent } = toFindings(posterior.conclude({ leader, eligible, indifference }));
  const known = new Map(joined.map((own, place) => [own.fingerprint, ofCandidates[place] ?? unknown]));
  const ranked = joined.length === measured.length ? rankedJoined : rankAll(measured, joined, posterior.means);
  const leaderMean = ofCandidates[leader]?.trueMean ?? undefined;
  const findings = ranked.map((own) => known.get(own.fingerprint) ?? concludeApart(own, leaderMean));
  return { ranked, findings: { ofCandidates: findings, probabilityIndifferent } };
}

function judge(
  measured: readonly Measured[],
  joined: readonly Measured[],
  pooled: PooledVariance | null,
  indifference: number,
): Verdict {
  const plain = measured.map(({ mean }) => mean);
  if (pooled === null || pooled.variance === 0) {
    const { ranked } = rank(measured, plain);
    const findings = pooled === null ? concludeNothing(ranked) : concludeWithoutSpread(ranked, eligibleOf(ranked));
    return { ranked, findings };
  }
  return judgeByPosterior(measured, joined, indifference);
}

/**
 * Assesses candidates by the accuracies of their completed trainings: who is the best, and how sure that is.
 *
 * An accuracy is taken as the candidate's true mean, plus what the seed does to all candidates, plus a residual. True
 * means are taken as drawn from a normal distribution whose spread is estimated, which pulls the highest measured means
 * towards the others by as much as chance has lifted them. All variances are unknown and integrated over. Candidates may
 * have different numbers of seeds. A candidate of which a training failed comes after all others.
 *
 * Pure, and the same to the bit on every machine and for every order of the candidates.
 */
export function assess(candidates: readonly MeasuredCandidate[], options: AssessmentOptions = {}): Assessment {
  const { indifference = defaultIndifference } = options;
  // One order of summation, whatever the order of the candidates.
  const measured = candidates.flatMap(measure).sort((one, other) => compareText(one.fingerprint, other.fingerprint));
  const isApart = findSetApart(measured);
  const joined = measured.filter((_, place) => !isApart[place]);
  const spread = spreadOf(joined);
  const pooled = spread.residual ?? spread.within;
  const { ranked, findings } = judge(measured, joined, pooled, indifference);
  const probabilities = findings.ofCandidates.flatMap(({ probabilityBest }) => probabilityBest ?? []);
  const ties = probabilities.length === 0 ? ranked.map(() => true) : tiedSet(probabilities, 0);
  const othersTie = ties.filter(Boolean).length > 1;
  const assessed = ranked.map(({ fingerprint, mean, seeds }, index): AssessedCandidate => {
    const known = findings.ofCandidates[index] ?? unknown;
    const behindLeader = index === 0 ? null : known.behindLeader;
    return { fingerprint, mean, seeds: seeds.length, ...known, behindLeader, tied: (ties[index] ?? true) && othersTie };
  });
  const [first] = assessed;
  return {
    candidates: assessed,
    leader:
      first === undefined
        ? null
        : {
            fingerprint: first.fingerprint,
            probabilityCorrect: first.probabilityBest,
            probabilityIndifferent: findings.probabilityIndifferent,
          },
    residual: pooled === null ? null : { variance: pooled.variance, degreesOfFreedom: pooled.degreesOfFreedom },
    indifference,
  };
}
