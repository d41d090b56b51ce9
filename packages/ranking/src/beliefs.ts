import { type Factor, solveLower } from './cholesky.ts';
import { type Fit, shrinkage } from './mixed-model.ts';
import type { Observations } from './observations.ts';
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

/** How a true mean depends on what candidates have in common: on the level, and on the effect of each seed. */
function loading(pattern: readonly number[], share: number, size: number): Float64Array {
  const weights = new Float64Array(size);
  weights[0] = 1 - pattern.length * share;
  for (const seed of pattern) weights[seed + 1] = -share;
  return weights;
}

function squaredNorm(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value ** 2;
  return sum;
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
function scenarioOf(observations: Observations, { fit, deviation, common }: Scenario) {
  const { candidates, patterns, level } = observations;
  const ofSeeds = patterns.map((pattern) => pattern.reduce((sum, seed) => sum + (common[seed + 1] ?? 0), 0));
  return {
    level: { mean: level + (common[0] ?? 0), variance: (deviation * fit.ratios.candidates) ** 2 },
    ownOf: (index: number): Normal => {
      const { sum = 0, pattern = 0, seeds = [] } = candidates[index] ?? {};
      const trials = Math.max(1, seeds.length);
      return { mean: level + (sum - (ofSeeds[pattern] ?? 0)) / trials, variance: deviation ** 2 / trials };
    },
  };
}

/** The true means of some candidates in a scenario, under a prior of this shape. */
export function believe(
  observations: Observations,
  scenario: Scenario,
  { components }: PriorShape,
  indices: readonly number[],
): Belief {
  const { level, ownOf } = scenarioOf(observations, scenario);
  const builder = new BeliefBuilder();
  for (const index of indices) builder.add(ownOf(index), level, components);
  return builder.build();
}

/** Logarithm of how much more probable the accuracies of all candidates are under a prior of this shape than under a normal one. */
export function logEvidence(observations: Observations, scenario: Scenario, { components }: PriorShape): number {
  const { level, ownOf } = scenarioOf(observations, scenario);
  let sum = 0;
  for (let index = 0; index < observations.candidates.length; index++) {
    const own = ownOf(index);
    const underNormal = density(own.mean - level.mean, level.variance + own.variance);
    let underShape = 0;
    for (const component of components) underShape += likelihoodOf(own, level, component);
    if (underNormal > 0 && underShape > 0) sum += Math.log(underShape / underNormal);
  }
  return sum;
}

/** Expected true means under a normal prior, with level and seeds at their mode. */
export function expectedMeans({ candidates, patterns, level }: Observations, { ratios, common }: Fit): Float64Array {
  const ofPatterns = patterns.map((pattern) => {
    const share = shrinkage(pattern.length, ratios.candidates);
    const ownLevel = (common[0] ?? 0) * (1 - pattern.length * share);
    const ofSeeds = pattern.reduce((sum, seed) => sum + (common[seed + 1] ?? 0), 0);
    return { share, offset: level + ownLevel - share * ofSeeds };
  });
  return Float64Array.from(candidates, ({ pattern, sum }) => {
    const { share, offset } = ofPatterns[pattern] ?? { share: 0, offset: 0 };
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

export function patternVariances({ patterns }: Observations, fit: Fit, reference: number): PatternVariances {
  const factor: Factor = fit.precision;
  const shares = patterns.map(({ length }) => shrinkage(length, fit.ratios.candidates));
  const solved = patterns.map((pattern, index) =>
    solveLower(factor, loading(pattern, shares[index] ?? 0, factor.size)),
  );
  const ofReference = solved[reference] ?? new Float64Array(factor.size);
  return {
    ofMean: solved.map((vector, index) => (shares[index] ?? 0) + squaredNorm(vector)),
    ofDifference: solved.map((vector, index) => {
      const apart = vector.map((value, axis) => value - (ofReference[axis] ?? 0));
      return (shares[index] ?? 0) + (shares[reference] ?? 0) + squaredNorm(apart);
    }),
  };
}
