import { numberSeeds } from './numbered-seeds.ts';
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
}

/** The completed trials of several candidates. */
interface Observations {
  readonly accuracies: Float64Array;
  readonly candidates: Factor;
  readonly seeds: Factor;
}

function observe(pool: readonly Scores[]): Observations {
  const { count, ofCandidates } = numberSeeds(pool);
  const trials = pool.reduce((sum, { accuracies }) => sum + accuracies.length, 0);
  const all = new Float64Array(trials);
  const ofCandidate = new Int32Array(trials);
  const ofSeed = new Int32Array(trials);
  let first = 0;
  for (const [candidate, { accuracies }] of pool.entries()) {
    const next = first + accuracies.length;
    all.set(accuracies, first);
    ofCandidate.fill(candidate, first, next);
    ofSeed.set(ofCandidates[candidate] ?? [], first);
    first = next;
  }
  return { accuracies: all, candidates: factorOf(ofCandidate, pool.length), seeds: factorOf(ofSeed, count) };
}

function factorOf(levels: Int32Array, count: number): Factor {
  const counts = new Int32Array(count);
  for (const level of levels) counts[level] = (counts[level] ?? 0) + 1;
  return { levels, counts };
}

/** Number of groups of seeds that no candidate connects; the levels of different groups cannot be compared. */
function countComponents({ candidates, seeds }: Observations): number {
  const parents = Int32Array.from({ length: candidates.counts.length + seeds.counts.length }, (_, index) => index);
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
    const other = rootOf(candidates.counts.length + (seeds.levels[trial] ?? 0));
    if (one === other) continue;
    parents[one] = other;
    components -= 1;
  }
  return components;
}

/** Of each level, the mean residual of its trials. */
function meansOf(residuals: Float64Array, { levels, counts }: Factor): Float64Array {
  const sums = new Float64Array(counts.length);
  for (let trial = 0; trial < residuals.length; trial++) {
    const level = levels[trial] ?? 0;
    sums[level] = (sums[level] ?? 0) + (residuals[trial] ?? 0);
  }
  return sums.map((sum, level) => sum / (counts[level] ?? 1));
}

/** Takes the mean of its level from each residual; returns the largest of these means. */
function takeOut(residuals: Float64Array, factor: Factor): number {
  const means = meansOf(residuals, factor);
  for (let trial = 0; trial < residuals.length; trial++) {
    residuals[trial] = (residuals[trial] ?? 0) - (means[factor.levels[trial] ?? 0] ?? 0);
  }
  return means.reduce((largest, mean) => Math.max(largest, Math.abs(mean)), 0);
}

const maximumSweeps = 200;
const convergence = 1e-13;

/**
 * Sum of the squared residuals of accuracy = candidate + seed + residual, fitted by least squares. The sweeps end after
 * two where every candidate has every seed, and converge to the same where some are missing.
 */
function residualSquares({ accuracies, candidates, seeds }: Observations): number {
  const residuals = Float64Array.from(accuracies);
  for (let sweep = 0; sweep < maximumSweeps; sweep++) {
    takeOut(residuals, candidates);
    if (takeOut(residuals, seeds) < convergence) break;
  }
  let squares = 0;
  for (const residual of residuals) squares += residual ** 2;
  return squares;
}

type Scores = Pick<CandidateScores, 'seeds' | 'accuracies'>;

/** The spread over seeds of all these candidates together. */
export function spreadOf(pool: readonly Scores[]): Spread {
  const observations = observe(pool);
  const trials = observations.accuracies.length;
  const withinSquares = pool.reduce((sum, { accuracies }) => sum + squaredDeviations(accuracies), 0);
  const seeds = observations.seeds.counts.length;
  const residualFreedom = trials - pool.length - seeds + countComponents(observations);
  return {
    residual: residualFreedom < 1 ? null : pooled(residualSquares(observations), residualFreedom),
    within: pooled(withinSquares, trials - pool.length),
  };
}
