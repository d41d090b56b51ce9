import { type Belief, believe, patternVariances } from './beliefs.ts';
import { highestMean } from './highest-mean.ts';
import { weighRatios, type WeightedFit } from './hyperparameters.ts';
import { type Fit, shrinkage, summarise } from './mixed-model.ts';
import { type Mixture, momentsOf, quantileOf } from './mixture.ts';
import { type MeasuredCandidate, type Observations, observe } from './observations.ts';
import { drawScenarios, type Scenario } from './scenarios.ts';

/** Low and high bound of 95 %. */
export type Interval = readonly [number, number];

/** What is known of a quantity: mean and standard deviation of its distribution, and the bounds of its middle 95 %. */
export interface Estimation {
  readonly mean: number;
  readonly deviation: number;
  readonly interval: Interval;
}

/** The joint distribution of all true means, given what the trainings have shown. */
export interface Posterior {
  /** Expected true means, in the order of the candidates. */
  readonly means: readonly number[];
  /** What follows from it once it is settled which candidate leads, and which may be the best. */
  readonly conclude: (leader: number, eligible: readonly number[], indifference: number) => Conclusion;
}

export interface Conclusion {
  /** Of each candidate's true mean. */
  readonly ofMean: readonly Estimation[];
  /** How much higher the leader's true mean is than that of each candidate. */
  readonly behindLeader: readonly Estimation[];
  readonly probabilitiesBest: readonly number[];
  readonly probabilityIndifferent: number;
}

/** Expectations need no more scenarios for many candidates: the more there are, the better what they share is known. */
const scenarioCount = 64;
const scenarioCountOfMany = 32;
const many = 64;
const outside = 0.025;

function expectedMeans({ candidates, patterns, level }: Observations, fits: readonly WeightedFit[]): number[] {
  const shares = patterns.map(() => 0);
  const offsets = patterns.map(() => level);
  for (const { fit, weight } of fits) {
    for (const [index, pattern] of patterns.entries()) {
      const share = shrinkage(pattern.length, fit.ratios.candidates);
      const ofSeeds = pattern.reduce((sum, seed) => sum + (fit.common[seed + 1] ?? 0), 0);
      const offset = (fit.common[0] ?? 0) * (1 - pattern.length * share) - share * ofSeeds;
      shares[index] = (shares[index] ?? 0) + weight * share;
      offsets[index] = (offsets[index] ?? 0) + weight * offset;
    }
  }
  return candidates.map(({ pattern, sum }) => (offsets[pattern] ?? 0) + (shares[pattern] ?? 0) * sum);
}

function estimate(mixture: Mixture): Estimation {
  const moments = momentsOf(mixture);
  const interval: Interval = [quantileOf(mixture, outside, moments), quantileOf(mixture, 1 - outside, moments)];
  return { ...moments, interval };
}

/** Scenarios without what candidates have in common, which the variances take into account instead. */
function estimations(
  observations: Observations,
  scenarios: readonly Scenario[],
  leader: number,
): Pick<Conclusion, 'ofMean' | 'behindLeader'> {
  const reference = observations.candidates[leader]?.pattern ?? 0;
  const known = new Map<Fit, { belief: Belief; variances: ReturnType<typeof patternVariances> }>();
  const states = scenarios.map((scenario) => {
    const { fit, deviation } = scenario;
    const state = known.get(fit) ?? {
      belief: believe(observations, { fit, deviation: 1, common: fit.common }),
      variances: patternVariances(observations, scenario, reference),
    };
    known.set(fit, state);
    return { ...state, deviation };
  });
  const mixture = (
    mean: (belief: Belief) => number,
    variance: (state: (typeof states)[number]) => number,
  ): Mixture => ({
    means: Float64Array.from(states, ({ belief }) => mean(belief)),
    deviations: Float64Array.from(states, (state) => state.deviation * Math.sqrt(variance(state))),
  });
  return {
    ofMean: observations.candidates.map(({ pattern }, index) =>
      estimate(
        mixture(
          ({ means }) => means[index] ?? 0,
          ({ variances }) => variances.ofMean[pattern] ?? 0,
        ),
      ),
    ),
    behindLeader: observations.candidates.map(({ pattern }, index) =>
      index === leader
        ? { mean: 0, deviation: 0, interval: [0, 0] }
        : estimate(
            mixture(
              ({ means }) => (means[leader] ?? 0) - (means[index] ?? 0),
              ({ variances }) => variances.ofDifference[pattern] ?? 0,
            ),
          ),
    ),
  };
}

/** The posterior of the true means; null where the accuracies do not tell how far chance moves them. */
export function posteriorOf(candidates: readonly MeasuredCandidate[]): Posterior {
  const observations = observe(candidates);
  const fits = weighRatios(summarise(observations));
  const count = candidates.length > many ? scenarioCountOfMany : scenarioCount;
  return {
    means: expectedMeans(observations, fits),
    conclude: (leader, eligible, indifference) => {
      const scenarios = drawScenarios(fits, count, observations.patterns.length > 1);
      const probabilities = new Float64Array(candidates.length);
      let indifferent = 0;
      for (const scenario of scenarios) {
        const highest = highestMean(believe(observations, scenario), eligible, leader, indifference);
        for (const [index, probability] of highest.probabilities.entries()) {
          probabilities[index] = (probabilities[index] ?? 0) + probability / count;
        }
        indifferent += highest.indifferent / count;
      }
      return {
        ...estimations(observations, scenarios, leader),
        probabilitiesBest: [...probabilities],
        probabilityIndifferent: Math.min(1, indifferent),
      };
    },
  };
}
