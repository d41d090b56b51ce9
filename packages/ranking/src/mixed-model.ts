import { type Factor, factorise, solveLower, solveUpper } from './cholesky.ts';
import type { Observations } from './observations.ts';

/**
 * How far candidates and seeds spread, as standard deviations in units of the residual one: an accuracy is
 * level + candidate + seed + residual, each but the level normal around 0.
 */
export interface Ratios {
  readonly candidates: number;
  readonly seeds: number;
}

/** What the accuracies say, given the ratios. The variances are in units of the residual variance. */
export interface Fit {
  readonly ratios: Ratios;
  /** Logarithm of the likelihood of the ratios, with level and residual variance integrated out. */
  readonly logLikelihood: number;
  /** Residual variance times a chi-square of {@link degreesOfFreedom} degrees of freedom. */
  readonly squares: number;
  readonly degreesOfFreedom: number;
  /** Level and effects of the seeds, in this order: the mode. */
  readonly common: Float64Array;
  /** Of their precision. */
  readonly precision: Factor;
}

/** Sums over the candidates that have equally many trials. */
interface Stratum {
  readonly trials: number;
  readonly candidates: number;
  readonly sum: number;
  readonly squaredSums: number;
  /** Of each seed: how many candidates have it, and the sum of their sums. */
  readonly having: Float64Array;
  readonly sumsHaving: Float64Array;
  /** Of each two seeds: how many candidates have both. */
  readonly together: Float64Array;
}

/** All that the likelihood needs to know of the accuracies: it does not grow with the candidates. */
export interface SufficientStatistics {
  readonly strata: readonly Stratum[];
  readonly seeds: number;
  readonly trials: number;
  readonly squares: number;
  readonly bySeed: Float64Array;
  readonly countBySeed: Float64Array;
}

function add(values: Float64Array, index: number, value: number): void {
  values[index] = (values[index] ?? 0) + value;
}

function summariseStratum(trials: number, seeds: number, members: Observations['candidates']): Stratum {
  const having = new Float64Array(seeds);
  const sumsHaving = new Float64Array(seeds);
  const together = new Float64Array(seeds * seeds);
  let sum = 0;
  let squaredSums = 0;
  for (const member of members) {
    sum += member.sum;
    squaredSums += member.sum ** 2;
    for (const seed of member.seeds) {
      add(having, seed, 1);
      add(sumsHaving, seed, member.sum);
      for (const other of member.seeds) add(together, seed * seeds + other, 1);
    }
  }
  return { trials, candidates: members.length, sum, squaredSums, having, sumsHaving, together };
}

export function summarise({ candidates, seeds, trials }: Observations): SufficientStatistics {
  const byTrials = new Map<number, Observations['candidates'][number][]>();
  const bySeed = new Float64Array(seeds);
  const countBySeed = new Float64Array(seeds);
  let squares = 0;
  for (const candidate of candidates) {
    const members = byTrials.get(candidate.seeds.length);
    if (members === undefined) byTrials.set(candidate.seeds.length, [candidate]);
    else members.push(candidate);
    for (const [index, seed] of candidate.seeds.entries()) {
      const accuracy = candidate.accuracies[index] ?? 0;
      add(bySeed, seed, accuracy);
      add(countBySeed, seed, 1);
      squares += accuracy ** 2;
    }
  }
  const strata = Array.from(byTrials, ([count, members]) => summariseStratum(count, seeds, members));
  return { strata, seeds, trials, squares, bySeed, countBySeed };
}

/** How much of a candidate's sum of deviations is taken for its own: its posterior variance in units of the residual one. */
export function shrinkage(trials: number, ratio: number): number {
  return ratio ** 2 / (1 + trials * ratio ** 2);
}

/** Henderson's mixed model equations for level and seeds, with the candidates' effects eliminated: Searle et al. 1992, 7.6. */
interface Equations {
  readonly matrix: Float64Array;
  readonly right: Float64Array;
  readonly squares: number;
  /** Logarithm of the determinant of what was eliminated. */
  readonly logDeterminant: number;
}

function formEquations(statistics: SufficientStatistics, ratio: number): Equations {
  const { strata, seeds, bySeed, countBySeed } = statistics;
  const size = seeds + 1;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  let { squares } = statistics;
  let logDeterminant = 0;
  for (let seed = 0; seed < seeds; seed++) {
    matrix[(seed + 1) * (size + 1)] = countBySeed[seed] ?? 0;
    right[seed + 1] = bySeed[seed] ?? 0;
  }
  for (const stratum of strata) {
    const share = shrinkage(stratum.trials, ratio);
    const left = 1 / (1 + stratum.trials * ratio ** 2);
    add(matrix, 0, stratum.candidates * stratum.trials * left);
    add(right, 0, stratum.sum * left);
    squares -= share * stratum.squaredSums;
    logDeterminant -= stratum.candidates * Math.log(left);
    for (let seed = 0; seed < seeds; seed++) {
      add(matrix, (seed + 1) * size, (stratum.having[seed] ?? 0) * left);
      add(right, seed + 1, -share * (stratum.sumsHaving[seed] ?? 0));
      for (let other = 0; other <= seed; other++) {
        add(matrix, (seed + 1) * size + other + 1, -share * (stratum.together[seed * seeds + other] ?? 0));
      }
    }
  }
  return { matrix, right, squares, logDeterminant };
}

/** Fits the accuracies for given ratios, both above 0. */
export function fit(statistics: SufficientStatistics, ratios: Ratios): Fit {
  const { matrix, right, squares, logDeterminant } = formEquations(statistics, ratios.candidates);
  const size = statistics.seeds + 1;
  for (let seed = 1; seed < size; seed++) add(matrix, seed * (size + 1), 1 / ratios.seeds ** 2);
  const precision = factorise(matrix, size);
  const half = solveLower(precision, right);
  const left = half.reduce((remaining, value) => remaining - value ** 2, squares);
  // Rounding alone can take the squares below what double precision tells from nothing.
  const residualSquares = Math.max(left, 1e-15 * statistics.squares);
  const degreesOfFreedom = statistics.trials - 1;
  const logDeterminants = logDeterminant + precision.logDeterminant + 2 * statistics.seeds * Math.log(ratios.seeds);
  return {
    ratios,
    logLikelihood: -(logDeterminants + degreesOfFreedom * Math.log(residualSquares)) / 2,
    squares: residualSquares,
    degreesOfFreedom,
    common: solveUpper(precision, half),
    precision,
  };
}
