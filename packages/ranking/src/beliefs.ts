import { type Factor, solveLower } from './cholesky.ts';
import { shrinkage } from './mixed-model.ts';
import type { Observations } from './observations.ts';
import type { Scenario } from './scenarios.ts';

/** What a scenario says of the true means of all candidates: given what they have in common they are independent and normal. */
export interface Belief {
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

interface PatternBelief {
  readonly share: number;
  /** What the true mean is apart from the candidate's own sum. */
  readonly offset: number;
}

function patternBeliefs({ patterns, level }: Observations, { fit, common }: Scenario): PatternBelief[] {
  return patterns.map((pattern) => {
    const share = shrinkage(pattern.length, fit.ratios.candidates);
    const ownLevel = (common[0] ?? 0) * (1 - pattern.length * share);
    const ofSeeds = pattern.reduce((sum, seed) => sum + (common[seed + 1] ?? 0), 0);
    return { share, offset: level + ownLevel - share * ofSeeds };
  });
}

/** The true means in a scenario. */
export function believe(observations: Observations, scenario: Scenario): Belief {
  const beliefs = patternBeliefs(observations, scenario);
  const { candidates } = observations;
  const means = new Float64Array(candidates.length);
  const deviations = new Float64Array(candidates.length);
  for (const [index, { pattern, sum }] of candidates.entries()) {
    const { share, offset } = beliefs[pattern] ?? { share: 0, offset: 0 };
    means[index] = offset + share * sum;
    deviations[index] = scenario.deviation * Math.sqrt(share);
  }
  return { means, deviations };
}

/** Variances in units of the residual one, of each pattern, with what candidates have in common integrated out. */
export interface PatternVariances {
  /** Of a true mean. */
  readonly ofMean: readonly number[];
  /** Of the difference of a true mean to that of another candidate, which has pattern `reference`. */
  readonly ofDifference: readonly number[];
}

export function patternVariances(
  { patterns }: Observations,
  { fit }: Pick<Scenario, 'fit'>,
  reference: number,
): PatternVariances {
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
