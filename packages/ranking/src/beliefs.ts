import { type Factor, invertLower } from './cholesky.ts';
import { type Fit, shrinkage, weightOf } from './mixed-model.ts';
import type { Observations, Pattern } from './observations.ts';
import type { PriorComponent, PriorShape } from './prior-shapes.ts';
import type { Scenario } from './scenarios.ts';

/**
 * What a scenario says of the true means of all candidates. Given what they have in common they are independent, each a
 * mixture of normal distributions.
 */
export interface Belief {
  /** Of each candidate where its components begin; the last entry is their number. */
  readonly starts: Int32Array;
  /** Of each component. Those of a candidate sum to 1. */
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/** What seeds add to the sum of a candidate's accuracies times their precision, of each pattern. */
function seedSums({ patterns, blocks }: Observations, common: Float64Array): Float64Array {
  const ofBlocks = Float64Array.from(blocks.map((block, index) => weightOf(block) * (common[index + 1] ?? 0)));
  const sums = new Float64Array(patterns.length);
  for (const [pattern, { blocks: own, precision }] of patterns.entries()) {
    let sum = 0;
    for (const block of own) sum += ofBlocks[block] ?? 0;
    sums[pattern] = precision * sum;
  }
  return sums;
}

/** A component of which less is left is dropped. */
const negligible = 1e-5;

/** Density of a normal distribution, but for a constant factor. */
function density(distance: number, variance: number): number {
  return Math.exp((-distance * distance) / (2 * variance)) / Math.sqrt(variance);
}

interface Normal {
  readonly mean: number;
  readonly variance: number;
}

/** Both distributions multiplied: what is known of a true mean from the prior and from its own trainings. */
function combine(prior: Normal, own: Normal): Normal {
  const share = prior.variance / (prior.variance + own.variance);
  return { mean: prior.mean + share * (own.mean - prior.mean), variance: share * own.variance };
}

class BeliefBuilder {
  readonly #starts: number[] = [0];
  readonly #weights: number[] = [];
  readonly #means: number[] = [];
  readonly #deviations: number[] = [];

  /** Adds a candidate whose own trainings say `own`, where true means are drawn around `level`. */
  add(own: Normal, level: Normal, components: readonly PriorComponent[]): void {
    const parts = components.map((component) => ({
      component,
      weight: likelihoodOf(own, level, component),
    }));
    const total = parts.reduce((sum, { weight }) => sum + weight, 0);
    const kept = total > 0 ? parts.filter(({ weight }) => weight >= negligible * total) : parts.slice(-1);
    const keptTotal = kept.reduce((sum, { weight }) => sum + weight, 0);
    for (const { component, weight } of kept) {
      const { mean, variance } = combine(priorOf(level, component), own);
      this.#weights.push(keptTotal > 0 ? weight / keptTotal : 1);
      this.#means.push(mean);
      this.#deviations.push(Math.sqrt(variance));
    }
    this.#starts.push(this.#weights.length);
  }

  build(): Belief {
    return {
      starts: Int32Array.from(this.#starts),
      weights: Float64Array.from(this.#weights),
      means: Float64Array.from(this.#means),
      deviations: Float64Array.from(this.#deviations),
    };
  }
}

function priorOf(level: Normal, { mean, deviation }: PriorComponent): Normal {
  return { mean: level.mean + Math.sqrt(level.variance) * mean, variance: level.variance * deviation ** 2 };
}

/** How probable what a candidate's trainings say is under a component of the prior. */
function likelihoodOf(own: Normal, level: Normal, component: PriorComponent): number {
  const prior = priorOf(level, component);
  return component.weight * density(own.mean - prior.mean, prior.variance + own.variance);
}

/** What a scenario says of candidates by their own trainings alone, and of the distribution that they are drawn from. */
function scenarioOf({ observations, fit, deviation, common }: Scenario) {
  const { candidates, patterns, level } = observations;
  const ofSeeds = seedSums(observations, common);
  return {
    level: { mean: level + (common[0] ?? 0), variance: (deviation * fit.ratios.candidates) ** 2 },
    ownOf: (index: number): Normal => {
      const { sum = 0, pattern = 0 } = candidates[index] ?? {};
      const { trials = 1 } = patterns[pattern] ?? {};
      return { mean: level + (sum - (ofSeeds[pattern] ?? 0)) / trials, variance: deviation ** 2 / trials };
    },
  };
}

/** The true means of some candidates in a scenario, under a prior of this shape. */
export function believe(scenario: Scenario, { components }: PriorShape, indices: readonly number[]): Belief {
  const { level, ownOf } = scenarioOf(scenario);
  const builder = new BeliefBuilder();
  for (const index of indices) builder.add(ownOf(index), level, components);
  return builder.build();
}

/** Logarithm of how much more probable the accuracies of all candidates are under a prior of this shape than under a normal one. */
export function logEvidence(scenario: Scenario, { components }: PriorShape): number {
  const { level, ownOf } = scenarioOf(scenario);
  let sum = 0;
  for (let index = 0; index < scenario.observations.candidates.length; index++) {
    const own = ownOf(index);
    const underNormal = density(own.mean - level.mean, level.variance + own.variance);
    let underShape = 0;
    for (const component of components) underShape += likelihoodOf(own, level, component);
    if (underNormal > 0 && underShape > 0) sum += Math.log(underShape / underNormal);
  }
  return sum;
}

/** How the expected true means of candidates of one pattern follow from the sums of their accuracies: offset + share * sum. */
export interface PatternMean {
  readonly offset: number;
  readonly share: number;
}

/** Expected true means under a normal prior, with level and seeds at their mode, of each pattern. */
export function patternMeans(observations: Observations, { ratios, common }: Fit): PatternMean[] {
  const ofSeeds = seedSums(observations, common);
  return observations.patterns.map(({ trials }, index) => {
    const share = shrinkage(trials, ratios.candidates);
    const ownLevel = (common[0] ?? 0) * (1 - trials * share);
    return { share, offset: observations.level + ownLevel - share * (ofSeeds[index] ?? 0) };
  });
}

/** The true mean that is expected of each candidate. */
export function expectedMeans({ candidates }: Observations, ofPatterns: readonly PatternMean[]): Float64Array {
  return Float64Array.from(candidates, ({ pattern, sum }) => {
    const { offset, share } = ofPatterns[pattern] ?? { offset: 0, share: 0 };
    return offset + share * sum;
  });
}

/** Variances in units of the residual one, of each pattern, with what candidates have in common integrated out. */
export interface PatternVariances {
  /** Of a true mean. */
  readonly ofMean: readonly number[];
  /** Of the difference of a true mean to that of another candidate, which has pattern `reference`. */
  readonly ofDifference: readonly number[];
}

/** The inverse of the factor of the precision, and the sum of its columns of blocks, each times the weight of the block. */
interface Inverse {
  readonly size: number;
  readonly columns: Float64Array;
  readonly ofAllBlocks: Float64Array;
}

function invert(precision: Factor, weights: readonly number[]): Inverse {
  const { size } = precision;
  const columns = invertLower(precision);
  const inverse = { size, columns, ofAllBlocks: new Float64Array(size) };
  for (const [block, weight] of weights.entries()) addColumn(inverse, block + 1, weight, inverse.ofAllBlocks);
  return inverse;
}

function addColumn(
  { size, columns }: Omit<Inverse, 'ofAllBlocks'>,
  column: number,
  by: number,
  sum: Float64Array,
): void {
  for (let row = column; row < size; row++) sum[row] = (sum[row] ?? 0) + by * (columns[column * size + row] ?? 0);
}

/**
 * How the true mean of a candidate depends on what candidates have in common, times the inverse of the factor of its
 * precision: on the level, and on the effect of each block of its seeds. Summed over the blocks that it has or over those
 * that it lacks, whichever are fewer.
 */
function dependence(pattern: Pattern, share: number, inverse: Inverse, weights: readonly number[]): Float64Array {
  const { blocks, absent, precision, trials } = pattern;
  const isWhole = absent.length < blocks.length;
  const ofSeed = share * precision;
  const sum = isWhole ? inverse.ofAllBlocks.map((value) => -ofSeed * value) : new Float64Array(inverse.size);
  for (const block of isWhole ? absent : blocks) {
    addColumn(inverse, block + 1, (isWhole ? ofSeed : -ofSeed) * (weights[block] ?? 0), sum);
  }
  addColumn(inverse, 0, 1 - trials * share, sum);
  return sum;
}

function squaredDistance(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += ((one[index] ?? 0) - (other[index] ?? 0)) ** 2;
  return sum;
}

export function patternVariances({ patterns, blocks }: Observations, fit: Fit, reference: number): PatternVariances {
  const weights = blocks.map(weightOf);
  const inverse = invert(fit.precision, weights);
  const shares = patterns.map(({ trials }) => shrinkage(trials, fit.ratios.candidates));
  const dependences = patterns.map((pattern, index) => dependence(pattern, shares[index] ?? 0, inverse, weights));
  const none = new Float64Array(inverse.size);
  const ofReference = dependences[reference] ?? none;
  const referenceShare = shares[reference] ?? 0;
  return {
    ofMean: dependences.map((own, index) => (shares[index] ?? 0) + squaredDistance(own, none)),
    ofDifference: dependences.map(
      (own, index) => (shares[index] ?? 0) + referenceShare + squaredDistance(own, ofReference),
    ),
  };
}
