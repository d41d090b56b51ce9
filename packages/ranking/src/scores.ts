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
  /** By seed, in ascending order of the seeds. */
  readonly accuracies: ReadonlyMap<number, number>;
  readonly trials: RankingTrialCounts;
  readonly mean: number | null;
}

/** The end that counts for ranking: a training that claims to have completed without a finite accuracy has failed. */
function effectiveEnd(trial: RankingTrial): Pick<RankingTrial, 'state' | 'failedBy'> {
  if (trial.state !== 'completed' || Number.isFinite(trial.validationAccuracy)) return trial;
  return { state: 'failed', failedBy: 'training' };
}

function countTrials(trials: readonly RankingTrial[]): RankingTrialCounts {
  const counts = { total: trials.length, queued: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };
  const failures = { training: 0, infrastructure: 0 };
  for (const { state, failedBy } of trials.map(effectiveEnd)) {
    counts[state] += 1;
    if (state === 'failed') failures[failedBy ?? 'infrastructure'] += 1;
  }
  return { ...counts, failedBy: failures };
}

function accuraciesBySeed(trials: readonly RankingTrial[]): Map<number, number> {
  const accuracies = new Map<number, number>();
  for (const trial of trials.toSorted((one, other) => one.seed - other.seed)) {
    if (effectiveEnd(trial).state !== 'completed' || trial.validationAccuracy === null) continue;
    // A trial is a function of candidate and seed: a second one of the same seed would feign independent evidence.
    if (accuracies.has(trial.seed))
      throw new RangeError(`Candidate ${trial.fingerprint} has seed ${trial.seed} twice.`);
    accuracies.set(trial.seed, trial.validationAccuracy);
  }
  return accuracies;
}

/** The arithmetic mean. Twelve digits keep rounding errors of the sum from deciding between equal candidates. */
export function meanOf(values: readonly number[]): number {
  return Number((values.reduce((sum, value) => sum + value, 0) / values.length).toPrecision(12));
}

/** Sum of the squared deviations from the mean. */
export function squaredDeviations(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
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
    const accuracies = accuraciesBySeed(own);
    const mean = accuracies.size > 0 ? meanOf([...accuracies.values()]) : null;
    return { candidate, accuracies, trials: countTrials(own), mean };
  });
}
