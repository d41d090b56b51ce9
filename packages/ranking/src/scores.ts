import type { Blame, Estimate, RankingTrialCounts, TrialState } from '@compound-search/contracts';

/** A candidate as far as ranking needs it. */
export interface RankingCandidate {
  /** Unique among the candidates. */
  readonly fingerprint: string;
  /** Multiply-adds: of equally accurate candidates the cheaper one ranks first. */
  readonly macs: number;
}

/** A ranking trial. */
export interface RankingTrial {
  /** Of its candidate. */
  readonly fingerprint: string;
  readonly seed: number;
  readonly state: TrialState;
  /** What a failed trial's failure blames; null of any other trial. Infrastructure never makes a candidate worse. */
  readonly failedBy: Blame | null;
  /** Fraction from 0 to 1; null until the trial has completed. */
  readonly validationAccuracy: number | null;
}

/** A candidate with the accuracies of its completed trials. */
export interface CandidateScores {
  readonly candidate: RankingCandidate;
  /** Of the completed trials, in ascending order. */
  readonly seeds: readonly number[];
  /** Of the same trials in the same order. */
  readonly accuracies: readonly number[];
  readonly trials: RankingTrialCounts;
}

type Ending = Pick<RankingTrial, 'state' | 'failedBy'>;

const failedTraining: Ending = { state: 'failed', failedBy: 'training' };

/** The end that counts for ranking: a training that claims to have completed without a finite accuracy has failed. */
function effectiveEnd(trial: RankingTrial): Ending {
  return trial.state === 'completed' && !Number.isFinite(trial.validationAccuracy) ? failedTraining : trial;
}

function countTrials(trials: readonly RankingTrial[]): RankingTrialCounts {
  const counts = { total: trials.length, queued: 0, running: 0, completed: 0, failed: 0, cancelled: 0, paused: 0 };
  const failures = { training: 0, infrastructure: 0 };
  for (const trial of trials) {
    const { state, failedBy } = effectiveEnd(trial);
    counts[state] += 1;
    if (state === 'failed') failures[failedBy ?? 'infrastructure'] += 1;
  }
  return { ...counts, failedBy: failures };
}

function accuraciesBySeed(trials: readonly RankingTrial[]): Pick<CandidateScores, 'seeds' | 'accuracies'> {
  const seeds: number[] = [];
  const accuracies: number[] = [];
  for (const trial of trials.toSorted((one, other) => one.seed - other.seed)) {
    if (effectiveEnd(trial).state !== 'completed' || trial.validationAccuracy === null) continue;
    // A trial is a function of candidate and seed: a second one of the same seed would feign independent evidence.
    if (seeds.at(-1) === trial.seed)
      throw new RangeError(`Candidate ${trial.fingerprint} has seed ${trial.seed} twice.`);
    seeds.push(trial.seed);
    accuracies.push(trial.validationAccuracy);
  }
  return { seeds, accuracies };
}

function sumOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** The arithmetic mean. Twelve digits keep rounding errors of the sum from deciding between equal candidates. */
export function meanOf(values: readonly number[]): number {
  return Number((sumOf(values) / values.length).toPrecision(12));
}

/** Sum of the squared deviations from the mean. */
export function squaredDeviations(values: readonly number[]): number {
  const mean = sumOf(values) / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return squares;
}

/** Mean and standard error of accuracies, one of each seed; null without any. */
export function estimate(accuracies: readonly number[]): Estimate | null {
  const seeds = accuracies.length;
  if (seeds === 0) return null;
  const variance = seeds > 1 ? squaredDeviations(accuracies) / (seeds - 1) : null;
  return { mean: meanOf(accuracies), standardError: variance === null ? null : Math.sqrt(variance / seeds), seeds };
}

/**
 * The scores of every candidate, in the order of the candidates.
 *
 * @throws RangeError for a trial of no candidate and for two completed trials of one candidate and seed.
 */
export function collectScores(
  candidates: readonly RankingCandidate[],
  trials: readonly RankingTrial[],
): CandidateScores[] {
  const byCandidate = new Map(candidates.map(({ fingerprint }) => [fingerprint, [] as RankingTrial[]]));
  for (const trial of trials) {
    const own = byCandidate.get(trial.fingerprint);
    if (own === undefined) throw new RangeError(`There is no candidate ${trial.fingerprint}.`);
    own.push(trial);
  }
  return candidates.map((candidate) => {
    const own = byCandidate.get(candidate.fingerprint) ?? [];
    return { candidate, ...accuraciesBySeed(own), trials: countTrials(own) };
  });
}
