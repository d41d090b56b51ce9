/**
 * The posterior that `assess` stands for, computed the long way: dense matrices over all trainings, a fine grid for the two
 * ratios of standard deviations, and a large random sample of true means. Shares no code with src.
 */

/** Accuracies of one candidate by the number of the seed. */
export type Trainings = ReadonlyMap<number, number>;

/** One of the normal distributions that true means are drawn from, in units of their standard deviation around the level. */
export interface Component {
  readonly weight: number;
  readonly mean: number;
  readonly deviation: number;
}

export interface Shape {
  readonly probability: number;
  readonly components: readonly Component[];
}

type Matrix = number[][];

/** What is at this place, which is one of the array. */
function at<Value>(values: readonly Value[], place: number): Value {
  const value = values[place];
  if (value === undefined) throw new RangeError(`There is nothing at ${place} of ${values.length}.`);
  return value;
}

function cell(matrix: Matrix, row: number, column: number): number {
  return at(at(matrix, row), column);
}

/** A sequence of random numbers from 0 to 1, the same for ever: mulberry32. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function normalNumbers(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Lower triangle L with L * transpose(L) = matrix. */
function cholesky(matrix: Matrix): Matrix {
  const lower: Matrix = [];
  for (const [row, values] of matrix.entries()) {
    const own: number[] = [];
    for (let column = 0; column < row; column++) {
      const other = at(lower, column);
      own.push((at(values, column) - dot(own, other.slice(0, column))) / at(other, column));
    }
    own.push(Math.sqrt(at(values, row) - dot(own, own)));
    lower.push(own);
  }
  return lower;
}

/** The solution of (L * transpose(L)) * x = vector. */
function solve(lower: Matrix, vector: readonly number[]): number[] {
  const half: number[] = [];
  for (const [row, values] of lower.entries()) {
    half.push((at(vector, row) - dot(half, values.slice(0, row))) / at(values, row));
  }
  const solution: number[] = half.map(() => 0);
  for (let row = lower.length - 1; row >= 0; row--) {
    let value = at(half, row);
    for (let index = row + 1; index < lower.length; index++) value -= cell(lower, index, row) * at(solution, index);
    solution[row] = value / cell(lower, row, row);
  }
  return solution;
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, index) => sum + value * at(other, index), 0);
}

interface Data {
  readonly accuracies: readonly number[];
  /** One row for each training: 1 where it is of this candidate, or has this seed. */
  readonly ofCandidate: Matrix;
  readonly ofSeed: Matrix;
}

function tabulate(candidates: readonly Trainings[]): Data {
  const seeds = [...new Set(candidates.flatMap((trainings) => [...trainings.keys()]))];
  const rows = candidates.flatMap((trainings, candidate) =>
    [...trainings].map(([seed, accuracy]) => ({ candidate, seed, accuracy })),
  );
  return {
    accuracies: rows.map(({ accuracy }) => accuracy),
    ofCandidate: rows.map(({ candidate }) => candidates.map((_, index) => Number(index === candidate))),
    ofSeed: rows.map(({ seed }) => seeds.map((one) => Number(one === seed))),
  };
}

/** Covariance of the accuracies in units of the residual variance. */
function covarianceOf({ accuracies, ofCandidate, ofSeed }: Data, candidateRatio: number, seedRatio: number): Matrix {
  return accuracies.map((_, row) =>
    accuracies.map(
      (__, column) =>
        Number(row === column) +
        candidateRatio ** 2 * dot(at(ofCandidate, row), at(ofCandidate, column)) +
        seedRatio ** 2 * dot(at(ofSeed, row), at(ofSeed, column)),
    ),
  );
}

/** A node of the grid of ratios with all that sampling at it needs. */
interface Node {
  readonly logDensity: number;
  readonly candidateRatio: number;
  readonly level: number;
  /** In units of the residual variance. */
  readonly levelVariance: number;
  readonly squares: number;
  /** Of candidates' and seeds' effects together: their expectation is constant + slope * level. */
  readonly constant: readonly number[];
  readonly slope: readonly number[];
  readonly spread: Matrix;
}

function nodeOf(data: Data, candidateRatio: number, seedRatio: number): Node {
  const { accuracies, ofCandidate, ofSeed } = data;
  const lower = cholesky(covarianceOf(data, candidateRatio, seedRatio));
  const ones = accuracies.map(() => 1);
  const weights = solve(lower, ones);
  const solved = solve(lower, accuracies);
  const levelVariance = 1 / dot(ones, weights);
  const level = dot(weights, accuracies) * levelVariance;
  const squares = dot(accuracies, solved) - level ** 2 / levelVariance;
  const logDeterminant = 2 * lower.reduce((sum, row, index) => sum + Math.log(at(row, index)), 0);
  const freedom = accuracies.length - 1;
  const logLikelihood = -logDeterminant / 2 + Math.log(levelVariance) / 2 - (freedom / 2) * Math.log(squares);
  // Half-Cauchy densities with scales 1 and 0.5, over the logarithms of the ratios.
  const prior = (ratio: number, scale: number): number => Math.log(ratio / scale) - Math.log(1 + (ratio / scale) ** 2);
  const effects = accuracies.map((_, row) => [
    ...at(ofCandidate, row).map((value) => candidateRatio ** 2 * value),
    ...at(ofSeed, row).map((value) => seedRatio ** 2 * value),
  ]);
  const columns = at(effects, 0).map((_, index) => effects.map((row) => at(row, index)));
  const solvedColumns = columns.map((column) => solve(lower, column));
  const candidates = at(ofCandidate, 0).length;
  const variance = (index: number): number => (index < candidates ? candidateRatio : seedRatio) ** 2;
  return {
    logDensity: logLikelihood + prior(candidateRatio, 1) + prior(seedRatio, 0.5),
    ...{ candidateRatio, level, levelVariance, squares },
    constant: columns.map((column) => dot(column, solved)),
    slope: columns.map((column) => -dot(column, weights)),
    spread: cholesky(
      columns.map((column, row) =>
        solvedColumns.map((other, index) => (row === index ? variance(row) + 1e-12 : 0) - dot(column, other)),
      ),
    ),
  };
}

function logSpaced(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => low * (high / low) ** (index / (count - 1)));
}

/** Density of a normal distribution but for a constant factor. */
function density(distance: number, variance: number): number {
  return Math.exp(-(distance ** 2) / (2 * variance)) / Math.sqrt(variance);
}

/** One draw from the posterior, with its weight under each shape. */
interface Draw {
  readonly trueMeans: readonly number[];
  readonly shape: number;
  readonly weight: number;
}

/** What is expected of a candidate's own trainings, given level, seeds and residual spread. */
interface Own {
  readonly mean: number;
  readonly variance: number;
}

function drawFrom(
  own: readonly Own[],
  { components }: Shape,
  { level, deviation }: { level: number; deviation: number },
  { random, normal }: { random: () => number; normal: () => number },
): { trueMeans: number[]; factor: number } {
  let factor = 1;
  const trueMeans = own.map(({ mean, variance }) => {
    const likelihoods = components.map(
      (one) => one.weight * density(mean - level - deviation * one.mean, (deviation * one.deviation) ** 2 + variance),
    );
    const total = likelihoods.reduce((sum, value) => sum + value, 0);
    factor *= total / density(mean - level, deviation ** 2 + variance);
    let place = random() * total;
    const chosen =
      components.find((_, index) => (place -= at(likelihoods, index)) <= 0) ?? at(components, components.length - 1);
    const prior = { mean: level + deviation * chosen.mean, variance: (deviation * chosen.deviation) ** 2 };
    const share = prior.variance / (prior.variance + variance);
    return prior.mean + share * (mean - prior.mean) + Math.sqrt(share * variance) * normal();
  });
  return { trueMeans, factor };
}

/** A weighted sample of the true means, averaged over the shapes by their evidence. */
export function sampleTrueMeans(candidates: readonly Trainings[], shapes: readonly Shape[], draws: number): Draw[] {
  const data = tabulate(candidates);
  const nodes = logSpaced(0.03, 3000, 60).flatMap((one) =>
    logSpaced(0.06, 3000, 40).map((other) => nodeOf(data, one, other)),
  );
  const largest = Math.max(...nodes.map(({ logDensity }) => logDensity));
  const densities = nodes.map(({ logDensity }) => Math.exp(logDensity - largest));
  const total = densities.reduce((sum, value) => sum + value, 0);
  const random = randomNumbers(1);
  const normal = normalNumbers(random);
  const sample: Draw[] = [];
  let reached = 0;
  let place = 0;
  for (const [index, node] of nodes.entries()) {
    reached += (at(densities, index) / total) * draws;
    for (; place + 0.5 < reached; place++) sample.push(...drawAt(node));
  }
  return sample;

  function drawAt(node: Node): Draw[] {
    let chiSquare = 0;
    for (let index = 1; index < data.accuracies.length; index++) chiSquare += normal() ** 2;
    const residual = Math.sqrt(node.squares / chiSquare);
    const level = node.level + residual * Math.sqrt(node.levelVariance) * normal();
    const z = node.constant.map(normal);
    const effects = node.constant.map(
      (value, row) => value + at(node.slope, row) * level + residual * dot(at(node.spread, row), z),
    );
    const seedEffects = effects.slice(candidates.length);
    const own = candidates.map((trainings, index): Own => {
      const rows = data.accuracies.flatMap((accuracy, row) =>
        cell(data.ofCandidate, row, index) === 1 ? [accuracy - dot(at(data.ofSeed, row), seedEffects)] : [],
      );
      return {
        mean: rows.reduce((sum, value) => sum + value, 0) / rows.length,
        variance: residual ** 2 / trainings.size,
      };
    });
    return shapes.map((shape, index) => {
      const common = { level, deviation: residual * node.candidateRatio };
      const { trueMeans, factor } = drawFrom(own, shape, common, { random, normal });
      return { trueMeans, shape: index, weight: shape.probability * factor };
    });
  }
}

/** Weighted share of the draws of which something is true. */
export function shareOf(draws: readonly Draw[], isTrue: (trueMeans: readonly number[]) => boolean): number {
  let [held, all] = [0, 0];
  for (const { trueMeans, weight } of draws) {
    all += weight;
    if (isTrue(trueMeans)) held += weight;
  }
  return held / all;
}

/** Bounds of the middle 95 %. */
export function intervalOf(draws: readonly Draw[], value: (trueMeans: readonly number[]) => number): [number, number] {
  const values = draws.map(({ trueMeans, weight }) => ({ value: value(trueMeans), weight }));
  values.sort((one, other) => one.value - other.value);
  const all = values.reduce((sum, { weight }) => sum + weight, 0);
  const quantile = (probability: number): number => {
    let reached = 0;
    return values.find(({ weight }) => (reached += weight) >= probability * all)?.value ?? Number.NaN;
  };
  return [quantile(0.025), quantile(0.975)];
}
