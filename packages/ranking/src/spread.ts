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

function pooled(sumOfSquares: number, degreesOfFreedom: number): PooledVariance | null {
  if (degreesOfFreedom < 1) return null;
  const variance = sumOfSquares / degreesOfFreedom;
  return {
    variance: variance < smallestVariance ? 0 : variance,
    degreesOfFreedom,
  };
}

/** One of the two things that an accuracy is explained by: its candidate or its seed. */
interface Factor {
  /** Which of the levels each trial has, numbered from 0. */
  readonly levels: Int32Array;
  /** Of each level, how many trials have it. */
  readonly counts: Int32Array;
  /** What each level adds to the accuracy. */
  readonly effects: Float64Array;
}

/** The completed trials of several candidates. */
interface Observations {
  readonly accuracies: Float64Array;
  readonly candidates: Factor;
  readonly seeds: Factor;
}

function observe(pool: readonly Pick<CandidateScores, 'seeds' | 'accuracies'>[]): Observations {
  const numbers = new Map<number, number>();
  const ofCandidate: number[] = [];
  const ofSeed: number[] = [];
  for (const [candidate, { seeds }] of pool.entries()) {
    for (const seed of seeds) {
      const number = numbers.get(seed) ?? numbers.size;
      numbers.set(seed, number);
      ofCandidate.push(candidate);
      ofSeed.push(number);
    }
  }
  return {
    accuracies: Float64Array.from(pool.flatMap(({ accuracies }) => accuracies)),
    candidates: factorOf(ofCandidate, pool.length),
    seeds: factorOf(ofSeed, numbers.size),
  };
}

function factorOf(levels: readonly number[], count: number): Factor {
  const counts = new Int32Array(count);
  for (const level of levels) counts[level] = (counts[level] ?? 0) + 1;
  return { levels: Int32Array.from(levels), counts, effects: new Float64Array(count) };
}

/** Number of groups of seeds that no candidate connects; the levels of different groups cannot be compared. */
function countComponents({ candidates, seeds }: Observations): number {
  const parents = Int32Array.from({ length: candidates.effects.length + seeds.effects.length }, (_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    for (let parent = parents[root] ?? 0; parent !== root; parent = parents[root] ?? 0) {
      // Halving the path keeps the next walk short.
      parents[root] = parents[parent] ?? 0;
      root = parent;
    }
    return root;
  };
  let components = parents.length;
  for (let trial = 0; trial < candidates.levels.length; trial++) {
    const one = rootOf(candidates.levels[trial] ?? 0);
    const other = rootOf(candidates.effects.length + (seeds.levels[trial] ?? 0));
    if (one === other) continue;
    parents[one] = other;
    components -= 1;
  }
  return components;
}

function effectOn({ levels, effects }: Factor, trial: number): number {
  return effects[levels[trial] ?? 0] ?? 0;
}

function residual({ accuracies, candidates, seeds }: Observations, trial: number): number {
  return (accuracies[trial] ?? 0) - effectOn(candidates, trial) - effectOn(seeds, trial);
}

/** Adds to each effect of the factor the mean residual of its level's trials; returns the largest change. */
function refit(observations: Observations, { levels, counts, effects }: Factor): number {
  const sums = new Float64Array(effects.length);
  for (let trial = 0; trial < levels.length; trial++) {
    const level = levels[trial] ?? 0;
    sums[level] = (sums[level] ?? 0) + residual(observations, trial);
  }
  let largest = 0;
  for (let level = 0; level < sums.length; level++) {
    const change = (sums[level] ?? 0) / (counts[level] ?? 1);
    effects[level] = (effects[level] ?? 0) + change;
    largest = Math.max(largest, Math.abs(change));
  }
  return largest;
}

const maximumSweeps = 200;
const convergence = 1e-13;

/**
 * Sum of the squared residuals of accuracy = candidate + seed + residual, fitted by least squares. The sweeps end after
 * two where every candidate has every seed, and converge to the same where some are missing.
 */
function residualSquares(observations: Observations): number {
  for (let sweep = 0; sweep < maximumSweeps; sweep++) {
    refit(observations, observations.candidates);
    if (refit(observations, observations.seeds) < convergence) break;
  }
  let squares = 0;
  for (let trial = 0; trial < observations.accuracies.length; trial++) squares += residual(observations, trial) ** 2;
  return squares;
}

type Scores = Pick<CandidateScores, 'seeds' | 'accuracies'>;

/** The spread over seeds of all these candidates together. */
export function spreadOf(pool: readonly Scores[]): Spread {
  const observations = observe(pool);
  const trials = observations.accuracies.length;
  const withinSquares = pool.reduce((sum, { accuracies }) => sum + squaredDeviations(accuracies), 0);
  const seeds = observations.seeds.effects.length;
  const residualFreedom = trials - pool.length - seeds + countComponents(observations);
  return {
    residual: residualFreedom < 1 ? null : pooled(residualSquares(observations), residualFreedom),
    within: pooled(withinSquares, trials - pool.length),
  };
}
