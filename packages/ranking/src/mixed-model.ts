import { type Factor, factorise, solveLower, solveUpper } from './cholesky.ts';
import type { Block, Observations, Pattern } from './observations.ts';

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
  /** Level and effects of the blocks of seeds, in this order: the mode. */
  readonly common: Float64Array;
  /** Of their precision. */
  readonly precision: Factor;
}

/** Sums over the candidates whose trials say equally much. */
interface Stratum {
  readonly trials: number;
  readonly candidates: number;
  readonly sum: number;
  readonly squaredSums: number;
  /** Of each block: the precisions of the candidates that have it, without and with their sums, times the block's weight. */
  readonly having: Float64Array;
  readonly sumsHaving: Float64Array;
  /** Of each two blocks, the first not before the second, row by row: squared precisions of those with both, times both weights. */
  readonly together: Float64Array;
}

/** All that the likelihood needs to know of the accuracies: it does not grow with the candidates, nor with seeds that all have. */
export interface SufficientStatistics {
  readonly strata: readonly Stratum[];
  readonly blocks: readonly Block[];
  readonly trials: number;
  readonly squares: number;
}

function add(values: Float64Array, index: number, value: number): void {
  values[index] = (values[index] ?? 0) + value;
}

/** The candidates of one pattern. */
interface Group extends Pattern {
  candidates: number;
  sum: number;
  squaredSums: number;
}

/**
 * Counts the candidates of a group, by their squared precision, in the row of one of its blocks, beside each of its blocks up
 * to that one.
 */
function addTogether(row: Float64Array, { blocks, candidates, precision }: Group, last: number): void {
  for (let index = 0; index <= last; index++) {
    const other = blocks[index] ?? 0;
    row[other] = (row[other] ?? 0) + candidates * precision ** 2;
  }
}

function summariseStratum(trials: number, groups: readonly Group[], weights: readonly number[]): Stratum {
  const size = weights.length;
  const having = new Float64Array(size);
  const sumsHaving = new Float64Array(size);
  const together = new Float64Array(size * size);
  let [candidates, sum, squaredSums] = [0, 0, 0];
  for (const group of groups) {
    candidates += group.candidates;
    sum += group.sum;
    squaredSums += group.squaredSums;
    for (const [index, block] of group.blocks.entries()) {
      const weight = group.precision * (weights[block] ?? 0);
      add(having, block, group.candidates * weight);
      add(sumsHaving, block, group.sum * weight);
      addTogether(together.subarray(block * size), group, index);
    }
  }
  for (let block = 0; block < size; block++) {
    for (let other = 0; other <= block; other++) {
      together[block * size + other] =
        (together[block * size + other] ?? 0) * (weights[block] ?? 0) * (weights[other] ?? 0);
    }
  }
  return { trials, candidates, sum, squaredSums, having, sumsHaving, together };
}

export function summarise({ candidates, patterns, blocks, trials, squares }: Observations): SufficientStatistics {
  const groups = patterns.map((pattern): Group => ({ ...pattern, candidates: 0, sum: 0, squaredSums: 0 }));
  for (const { pattern, sum } of candidates) {
    const group = groups[pattern];
    if (group === undefined) throw new RangeError(`There is no pattern ${pattern}.`);
    group.candidates += 1;
    group.sum += sum;
    group.squaredSums += sum ** 2;
  }
  const weights = blocks.map(weightOf);
  const strata = [...new Set(groups.map((group) => group.trials))].map((count) =>
    summariseStratum(
      count,
      groups.filter((group) => group.trials === count),
      weights,
    ),
  );
  return { strata, blocks, trials, squares };
}

/** How much the effect of a block counts in the sum of a candidate that has its seeds. */
export function weightOf({ seeds }: Block): number {
  return Math.sqrt(seeds);
}

/** How much of a candidate's sum of deviations is taken for its own: its posterior variance in units of the residual one. */
export function shrinkage(trials: number, ratio: number): number {
  return ratio ** 2 / (1 + trials * ratio ** 2);
}

/** Henderson's mixed model equations for level and blocks of seeds, with the candidates' effects eliminated: Searle et al. 1992, 7.6. */
export interface Equations {
  /** By which the candidates' effects were eliminated: how far candidates spread. */
  readonly ratio: number;
  readonly matrix: Float64Array;
  readonly right: Float64Array;
  readonly squares: number;
  /** Logarithm of the determinant of what was eliminated. */
  readonly logDeterminant: number;
}

/** The equations for a ratio of the candidates above 0, still without the spread of the seeds. */
export function formEquations({ strata, blocks, squares: total }: SufficientStatistics, ratio: number): Equations {
  const size = blocks.length + 1;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  let squares = total;
  let logDeterminant = 0;
  for (const [index, block] of blocks.entries()) {
    matrix[(index + 1) * (size + 1)] = block.precision;
    right[index + 1] = block.sum / weightOf(block);
  }
  for (const stratum of strata) {
    const share = shrinkage(stratum.trials, ratio);
    const left = 1 / (1 + stratum.trials * ratio ** 2);
    add(matrix, 0, stratum.candidates * stratum.trials * left);
    add(right, 0, stratum.sum * left);
    squares -= share * stratum.squaredSums;
    logDeterminant -= stratum.candidates * Math.log(left);
    for (let block = 0; block < blocks.length; block++) {
      add(matrix, (block + 1) * size, (stratum.having[block] ?? 0) * left);
      add(right, block + 1, -share * (stratum.sumsHaving[block] ?? 0));
      const row = (block + 1) * size + 1;
      const ofBlock = block * blocks.length;
      for (let other = 0; other <= block; other++) {
        matrix[row + other] = (matrix[row + other] ?? 0) - share * (stratum.together[ofBlock + other] ?? 0);
      }
    }
  }
  return { ratio, matrix, right, squares, logDeterminant };
}

/** What the differences between the seeds of one block say: nothing of candidates and level, but something of the variances. */
function contrastsOf(blocks: readonly Block[], ratio: number): Pick<Equations, 'squares' | 'logDeterminant'> {
  let squares = 0;
  let logDeterminant = 0;
  for (const { seeds, precision, sum, squaredSums } of blocks) {
    const together = precision + 1 / ratio ** 2;
    squares += (squaredSums - sum ** 2 / seeds) / together;
    logDeterminant += (seeds - 1) * Math.log(together) + 2 * seeds * Math.log(ratio);
  }
  return { squares, logDeterminant };
}

/** Fits the accuracies for a given ratio of the seeds, above 0, beside that of the equations. */
export function fit(
  { blocks, trials, squares: total }: SufficientStatistics,
  equations: Equations,
  ratio: number,
): Fit {
  const { right, squares, logDeterminant } = equations;
  const contrasts = contrastsOf(blocks, ratio);
  const size = blocks.length + 1;
  const matrix = equations.matrix.slice();
  for (let block = 1; block < size; block++) add(matrix, block * (size + 1), 1 / ratio ** 2);
  const precision = factorise(matrix, size);
  const half = solveLower(precision, right);
  const left = half.reduce((remaining, value) => remaining - value ** 2, squares - contrasts.squares);
  // Rounding alone can take the squares below what double precision tells from nothing.
  const residualSquares = Math.max(left, 1e-15 * total);
  const degreesOfFreedom = trials - 1;
  const logDeterminants = logDeterminant + precision.logDeterminant + contrasts.logDeterminant;
  return {
    ratios: { candidates: equations.ratio, seeds: ratio },
    logLikelihood: -(logDeterminants + degreesOfFreedom * Math.log(residualSquares)) / 2,
    squares: residualSquares,
    degreesOfFreedom,
    common: solveUpper(precision, half),
    precision,
  };
}
