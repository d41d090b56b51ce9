import {
  type Belief,
  believe,
  expectedMeans,
  logEvidence,
  type PatternMean,
  patternMeans,
  type PatternVariances,
  patternVariances,
} from './beliefs.ts';
import { highestMean } from './highest-mean.ts';
import { type RatioAxes, weighRatios, type WeightedFit } from './hyperparameters.ts';
import { type Fit, summarise } from './mixed-model.ts';
import { type Mixture, momentsOf, quantileOf } from './mixture.ts';
import { type MeasuredCandidate, type Observations, observe } from './observations.ts';
import { drawCount, drawPrecisions } from './precision-draws.ts';
import { normalShape, priorShapes } from './prior-shapes.ts';
import { drawScenarios, type Scenario, type WeighedDraw } from './scenarios.ts';

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
  /**
   * The true means as normal distributions, independent of each other, in equally probable states of all that the
   * candidates have in common; under a normal prior, whose shape matters for the highest of them and hardly for the order.
   */
  readonly states: () => readonly Pick<Belief, 'means' | 'deviations'>[];
  /** What follows from it once it is settled which candidate leads, and which may be the best. */
  readonly conclude: (question: Question) => Conclusion;
}

export interface Conclusion {
  /** Of each candidate's true mean. */
  readonly ofMean: readonly Estimation[];
  /** How much higher the leader's true mean is than that of each candidate. */
  readonly behindLeader: readonly Estimation[];
  readonly probabilitiesBest: readonly number[];
  readonly probabilityIndifferent: number;
}

/** Of how many scenarios expectations are taken: fewer where there are more candidates, which say more of what they share. */
function scenarioCount(candidates: number): number {
  if (candidates <= 12) return 64;
  return candidates <= 250 ? 32 : 16;
}
const outside = 0.025;

/** How far the leader is behind itself. */
const nothing: Estimation = { mean: 0, deviation: 0, interval: [0, 0] };

function estimate(mixture: Mixture): Estimation {
  const moments = momentsOf(mixture);
  const interval: Interval = [quantileOf(mixture, outside, moments), quantileOf(mixture, 1 - outside, moments)];
  return { ...moments, interval };
}

/** A scenario without what candidates have in common, which the variances take into account instead. */
interface State {
  readonly observations: Observations;
  readonly means: Float64Array;
  readonly variances: PatternVariances;
  readonly deviation: number;
}

function statesOf(scenarios: readonly Scenario[], leader: number): State[] {
  const known = new Map<Fit, Omit<State, 'deviation'>>();
  return scenarios.map(({ observations, fit, deviation }) => {
    const state = known.get(fit) ?? {
      observations,
      means: expectedMeans(observations, patternMeans(observations, fit)),
      variances: patternVariances(observations, fit, observations.candidates[leader]?.pattern ?? 0),
    };
    known.set(fit, state);
    return { ...state, deviation };
  });
}

function estimations(
  candidates: number,
  scenarios: readonly Scenario[],
  leader: number,
): Pick<Conclusion, 'ofMean' | 'behindLeader'> {
  const states = statesOf(scenarios, leader);
  const leaderMeans = Float64Array.from(states.map(({ means }) => means[leader] ?? 0));
  // Thousands of mixtures, one after the other: they share their memory.
  const ofOwn = { means: new Float64Array(states.length), deviations: new Float64Array(states.length) };
  const ofDifference = { means: new Float64Array(states.length), deviations: new Float64Array(states.length) };
  const estimated = Array.from({ length: candidates }, (_, index) => {
    for (const [place, { observations, means, variances, deviation }] of states.entries()) {
      const mean = means[index] ?? 0;
      const pattern = observations.candidates[index]?.pattern ?? 0;
      ofOwn.means[place] = mean;
      ofOwn.deviations[place] = deviation * Math.sqrt(variances.ofMean[pattern] ?? 0);
      ofDifference.means[place] = (leaderMeans[place] ?? 0) - mean;
      ofDifference.deviations[place] = deviation * Math.sqrt(variances.ofDifference[pattern] ?? 0);
    }
    return { ofMean: estimate(ofOwn), behindLeader: index === leader ? nothing : estimate(ofDifference) };
  });
  return {
    ofMean: estimated.map((one) => one.ofMean),
    behindLeader: estimated.map((one) => one.behindLeader),
  };
}

/** An average over scenarios, under one shape of the prior. */
interface ShapeFindings {
  readonly weight: number;
  readonly probabilities: Float64Array;
  readonly indifferent: number;
}

interface Question {
  readonly leader: number;
  readonly eligible: readonly number[];
  readonly indifference: number;
}

/** Places among the contenders, who alone are integrated over. */
function findHighest(
  beliefs: readonly Belief[],
  { leader, eligible, indifference }: Question,
): Omit<ShapeFindings, 'weight'> {
  const places = eligible.map((_, place) => place);
  const probabilities = new Float64Array(eligible.length);
  let indifferent = 0;
  for (const belief of beliefs) {
    const highest = highestMean(belief, places, eligible.indexOf(leader), indifference);
    for (const [index, place] of highest.contenders.entries()) {
      probabilities[place] = (probabilities[place] ?? 0) + (highest.probabilities[index] ?? 0) / beliefs.length;
    }
    indifferent += highest.indifferent / beliefs.length;
  }
  return { probabilities, indifferent };
}

/** Shapes that are less probable than this are left out. */
const negligible = 0.01;

/** Evidence is compared in so many scenarios where candidates are many: it varies little between them. */
const evidenceScenarios = 4;

function considerShapes(candidates: number, scenarios: readonly Scenario[], question: Question): ShapeFindings[] {
  const stride = candidates > few ? scenarios.length / evidenceScenarios : 1;
  const compared = scenarios.filter((_, index) => index % stride === 0);
  const considered = priorShapes.map((shape) => {
    const sum = compared.reduce((total, scenario) => total + logEvidence(scenario, shape), 0);
    return { shape, logWeight: Math.log(shape.probability) + sum / compared.length };
  });
  const largest = considered.reduce((one, { logWeight }) => Math.max(one, logWeight), -Infinity);
  const kept = considered.filter(({ logWeight }) => logWeight > largest + Math.log(negligible));
  const total = kept.reduce((sum, { logWeight }) => sum + Math.exp(logWeight - largest), 0);
  return kept.map(({ shape, logWeight }) => {
    const beliefs = scenarios.map((scenario) => believe(scenario, shape, question.eligible));
    return { weight: Math.exp(logWeight - largest) / total, ...findHighest(beliefs, question) };
  });
}

/** Up to so many candidates, all take part in everything. */
const few = 50;
/** So many standard deviations below the leader a candidate has no part in the probabilities. */
const hopeless = 8;

function contendersOf({ eligible, leader }: Question, behindLeader: readonly Estimation[]): readonly number[] {
  if (behindLeader.length <= few) return eligible;
  return eligible.filter((index) => {
    const { mean = 0, deviation = 0 } = behindLeader[index] ?? {};
    return index === leader || mean < hopeless * deviation;
  });
}

function averageMeans(observations: Observations, fits: readonly WeightedFit[]): PatternMean[] {
  const averages = observations.patterns.map(() => ({ offset: 0, share: 0 }));
  for (const { fit, weight } of fits) {
    for (const [index, { offset, share }] of patternMeans(observations, fit).entries()) {
      const average = averages[index];
      if (average === undefined) continue;
      average.offset += weight * offset;
      average.share += weight * share;
    }
  }
  return averages;
}

/** The true mean that is expected of each candidate, over all draws of precisions. */
function averageExpected(draws: readonly WeighedDraw[]): number[] {
  const count = draws.reduce((sum, { scenarios }) => sum + scenarios, 0);
  const expected = draws.map(({ observations, fits }) => expectedMeans(observations, averageMeans(observations, fits)));
  const [first = new Float64Array()] = expected;
  if (expected.length === 1) return [...first];
  return Array.from(first, (_, index) =>
    expected.reduce((sum, means, draw) => sum + ((draws[draw]?.scenarios ?? 0) / count) * (means[index] ?? 0), 0),
  );
}

type Trained = Pick<MeasuredCandidate, 'seeds' | 'accuracies'>;

function weighDraws(candidates: readonly Trained[]): WeighedDraw[] {
  const perDraw = scenarioCount(candidates.length) / drawCount;
  // Precisions hardly move the ratios: those of the first draw are looked at in all.
  let known: RatioAxes | undefined;
  return drawPrecisions(candidates).map(({ precisions, count }): WeighedDraw => {
    const observations = observe(candidates, precisions);
    const { fits, axes } = weighRatios(summarise(observations), known);
    known = axes;
    return { observations, fits, scenarios: perDraw * count };
  });
}

/** The posterior of the true means of candidates that all have an accuracy, where their spread is above 0. */
export function posteriorOf(candidates: readonly Trained[]): Posterior {
  const draws = weighDraws(candidates);
  return {
    means: averageExpected(draws),
    states: () => {
      const all = candidates.map((_, index) => index);
      return drawScenarios(draws).map((scenario) => believe(scenario, normalShape, all));
    },
    conclude: (question) => {
      const scenarios = drawScenarios(draws);
      const estimated = estimations(candidates.length, scenarios, question.leader);
      const eligible = contendersOf(question, estimated.behindLeader);
      const shapes = considerShapes(candidates.length, scenarios, { ...question, eligible });
      const average = (value: (findings: ShapeFindings) => number): number =>
        shapes.reduce((sum, findings) => sum + findings.weight * value(findings), 0);
      const probabilitiesBest = candidates.map(() => 0);
      for (const [place, index] of eligible.entries()) {
        probabilitiesBest[index] = average(({ probabilities }) => probabilities[place] ?? 0);
      }
      return {
        ...estimated,
        probabilitiesBest,
        probabilityIndifferent: Math.min(
          1,
          average(({ indifferent }) => indifferent),
        ),
      };
    },
  };
}
