import { type CandidateScores, squaredDeviations } from './scores.ts';

/** A variance that was estimated from several candidates together. */
export interface PooledVariance {
  readonly variance: number;
  /** At least 1. */
  readonly degreesOfFreedom: number;
}

/**
 * How much accuracy differs between trainings that differ by the seed alone.
 *
 * With two or three seeds a single pair of candidates says almost nothing about the spread (one or two degrees of
 * freedom), so it is estimated from many candidates together, as in an analysis of variance.
 */
export interface Spread {
  /** What is left when the effects of candidate and seed are taken out: for comparisons over common seeds. */
  readonly residual: PooledVariance | null;
  /** Around each candidate's own mean: where two candidates have no seed in common. */
  readonly within: PooledVariance | null;
}

/** Below this a variance of accuracies is the rounding error of equal numbers. */
const smallestVariance = 1e-18;
const smallestPool = 8;

function pooled(sumOfSquares: number, degreesOfFreedom: number): PooledVariance | null {
  if (degreesOfFreedom < 1) return null;
  const variance = sumOfSquares / degreesOfFreedom;
  return { variance: variance < smallestVariance ? 0 : variance, degreesOfFreedom };
}

interface Observation {
  readonly candidate: number;
  readonly seed: number;
  readonly accuracy: number;
}

function observationsOf(pool: readonly CandidateScores[]): Observation[] {
  return pool.flatMap(({ accuracies }, candidate) =>
    [...accuracies].map(([seed, accuracy]) => ({ candidate, seed, accuracy })),
  );
}

/** Number of groups of seeds that no candidate connects; the levels of different groups cannot be compared. */
function countComponents(pool: readonly CandidateScores[]): number {
  let groups: Set<number>[] = [];
  for (const { accuracies } of pool) {
    const seeds = [...accuracies.keys()];
    const touched = groups.filter((group) => seeds.some((seed) => group.has(seed)));
    const joined = new Set([...seeds, ...touched.flatMap((group) => [...group])]);
    groups = [...groups.filter((group) => !touched.includes(group)), joined];
  }
  return groups.length;
}

/** Mean of what `value` gives for the observations of each key. */
function meansBy(
  observations: readonly Observation[],
  key: 'candidate' | 'seed',
  value: (observation: Observation) => number,
): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const observation of observations) {
    const { sum, count } = sums.get(observation[key]) ?? { sum: 0, count: 0 };
    sums.set(observation[key], { sum: sum + value(observation), count: count + 1 });
  }
  return new Map([...sums].map(([at, { sum, count }]) => [at, sum / count]));
}

const maximumSweeps = 200;
const convergence = 1e-13;

/**
 * Sum of the squared residuals of accuracy = candidate + seed + residual, fitted by least squares. The sweeps end after
 * two where every candidate has every seed, and converge to the same where some are missing.
 */
function residualSquares(observations: readonly Observation[]): number {
  let ofSeed = new Map<number, number>();
  let ofCandidate = new Map<number, number>();
  for (let sweep = 0; sweep < maximumSweeps; sweep++) {
    const previous = ofSeed;
    ofCandidate = meansBy(observations, 'candidate', ({ accuracy, seed }) => accuracy - (previous.get(seed) ?? 0));
    const fitted = ofCandidate;
    ofSeed = meansBy(observations, 'seed', ({ accuracy, candidate }) => accuracy - (fitted.get(candidate) ?? 0));
    const changes = [...ofSeed].map(([seed, effect]) => Math.abs(effect - (previous.get(seed) ?? 0)));
    if (Math.max(...changes) < convergence) break;
  }
  return observations.reduce((sum, { candidate, seed, accuracy }) => {
    const residual = accuracy - (ofCandidate.get(candidate) ?? 0) - (ofSeed.get(seed) ?? 0);
    return sum + residual ** 2;
  }, 0);
}

/**
 * The spread over seeds, from candidates in the order of their ranks. Only the better half takes part, but at least
 * eight: a poor candidate that trains erratically says nothing about the spread where the decision falls.
 */
export function estimateSpread(ranked: readonly CandidateScores[]): Spread {
  const pool = ranked.slice(0, Math.max(smallestPool, Math.ceil(ranked.length / 2)));
  const observations = observationsOf(pool);
  const seeds = new Set(observations.map(({ seed }) => seed)).size;
  const within = pool.reduce((sum, { accuracies }) => sum + squaredDeviations([...accuracies.values()]), 0);
  const residualFreedom = observations.length - pool.length - seeds + countComponents(pool);
  return {
    residual: residualFreedom < 1 ? null : pooled(residualSquares(observations), residualFreedom),
    within: pooled(within, observations.length - pool.length),
  };
}
