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
  /** Logarithm of how much more probable the accuracies are than with normal true means. */
  readonly logEvidence: number;
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
  #logEvidence = 0;

  /** Adds a candidate whose own trainings say `own`, where true means are drawn around `level`. */
  add(own: Normal, level: Normal, components: readonly PriorComponent[]): void {
    const spread = Math.sqrt(level.variance);
    const priors = components.map(({ weight, mean, deviation }) => {
      const prior = { mean: level.mean + spread * mean, variance: level.variance * deviation ** 2 };
      return { prior, weight: weight * density(own.mean - prior.mean, prior.variance + own.variance) };
    });
    const total = priors.reduce((sum, { weight }) => sum + weight, 0);
    const kept = total > 0 ? priors.filter(({ weight }) => weight >= negligible * total) : priors.slice(-1);
    const keptTotal = kept.reduce((sum, { weight }) => sum + weight, 0);
    for (const { prior, weight } of kept) {
      const { mean, variance } = combine(prior, own);
      this.#weights.push(keptTotal > 0 ? weight / keptTotal : 1);
      this.#means.push(mean);
      this.#deviations.push(Math.sqrt(variance));
    }
    this.#starts.push(this.#weights.length);
    const underNormal = density(own.mean - level.mean, level.variance + own.variance);
    if (underNormal > 0 && total > 0) this.#logEvidence += Math.log(total / underNormal);
  }

  build(): Belief {
    return {
      starts: Int32Array.from(this.#starts),
      weights: Float64Array.from(this.#weights),
      means: Float64Array.from(this.#means),
      deviations: Float64Array.from(this.#deviations),
      logEvidence: this.#logEvidence,
    };
  }
}

/** The true means in a scenario, under a prior of this shape. */
export function believe(observations: Observations, scenario: Scenario, { components }: PriorShape): Belief {
  const { candidates, patterns, level } = observations;
  const { fit, deviation, common } = scenario;
  const builder = new BeliefBuilder();
  const prior = { mean: level + (common[0] ?? 0), variance: (deviation * fit.ratios.candidates) ** 2 };
  const ofSeeds = patterns.map((pattern) => pattern.reduce((sum, seed) => sum + (common[seed + 1] ?? 0), 0));
  for (const { pattern, sum, seeds } of candidates) {
    const mean = level + (sum - (ofSeeds[pattern] ?? 0)) / seeds.length;
    builder.add({ mean, variance: deviation ** 2 / seeds.length }, prior, components);
  }
  return builder.build();
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
