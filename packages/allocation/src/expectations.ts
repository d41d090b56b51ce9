import type { MeasuredCandidate } from '@compound-search/ranking';

/** What is expected of a candidate's true mean. */
export interface Expectation {
  readonly mean: number;
  readonly variance: number;
}

type Measured = Pick<MeasuredCandidate, 'seeds' | 'accuracies'>;

/** A result: which candidate, and its accuracy less the mean of all accuracies of that candidate. */
interface Result {
  readonly candidate: number;
  readonly deviation: number;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function groupBySeed(measured: readonly Measured[]): Result[][] {
  const bySeed = new Map<number, Result[]>();
  for (const [candidate, { seeds, accuracies }] of measured.entries()) {
    const mean = meanOf(accuracies);
    for (const [index, seed] of seeds.entries()) {
      const result = { candidate, deviation: (accuracies[index] ?? 0) - mean };
      const group = bySeed.get(seed);
      if (group === undefined) bySeed.set(seed, [result]);
      else group.push(result);
    }
  }
  return [...bySeed.values()];
}

/**
 * What a seed does to all candidates is taken for as small as if its standard deviation were half of that between the
 * trainings of one candidate: it counts like so many more results of no effect.
 */
const seedPrior = 4;
const sweeps = 8;

interface Fit {
  /** Trainings of each candidate. */
  readonly counts: Float64Array;
  /** What the seeds of each candidate have added to its mean. */
  readonly ofSeeds: Float64Array;
  /** What each seed adds. */
  readonly effects: Float64Array;
}

/** Moves the effect of a seed to where it fits best, with all candidates following it. */
function fitSeed({ counts, ofSeeds, effects }: Fit, seed: number, results: readonly Result[]): void {
  const effect = effects[seed] ?? 0;
  let gradient = -seedPrior * effect;
  let curvature = seedPrior;
  for (const { candidate, deviation } of results) {
    gradient += deviation + (ofSeeds[candidate] ?? 0) - effect;
    curvature += 1 - 1 / (counts[candidate] ?? 1);
  }
  const change = gradient / curvature;
  effects[seed] = effect + change;
  for (const { candidate } of results) {
    ofSeeds[candidate] = (ofSeeds[candidate] ?? 0) + change / (counts[candidate] ?? 1);
  }
}

/**
 * Fits accuracy = candidate + seed + residual by least squares, one seed after the other (Gauss and Seidel). A candidate
 * with a single result says nothing about seeds, and does not hold up the others.
 */
function fitResults(measured: readonly Measured[], bySeed: readonly (readonly Result[])[]): Fit {
  const fit: Fit = {
    counts: Float64Array.from(measured, ({ seeds }) => seeds.length),
    ofSeeds: new Float64Array(measured.length),
    effects: new Float64Array(bySeed.length),
  };
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (const [seed, results] of bySeed.entries()) fitSeed(fit, seed, results);
  }
  return fit;
}

function squaresOf({ ofSeeds, effects }: Fit, bySeed: readonly (readonly Result[])[]): number {
  let squares = 0;
  for (const [seed, results] of bySeed.entries()) {
    for (const { candidate, deviation } of results) {
      squares += (deviation + (ofSeeds[candidate] ?? 0) - (effects[seed] ?? 0)) ** 2;
    }
  }
  return squares;
}

/** The spread of true means is never taken for less than this part of that between trainings of one candidate. */
const leastSpread = 0.3;

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
}

/**
 * What is expected of the true means of candidates with results: each is drawn towards the mean of all, by as much as
 * chance contributes to it (empirical Bayes with moments, Efron & Morris 1975). Null where nothing tells how much that is.
 *
 * It takes microseconds, where the joint posterior of packages/ranking takes milliseconds. So it says which training is
 * worth most, many times a decision; how sure an answer is says that posterior alone.
 */
export function expectMeans(measured: readonly Measured[]): Expectation[] | null {
  const bySeed = groupBySeed(measured);
  const results = bySeed.reduce((sum, { length }) => sum + length, 0);
  const degreesOfFreedom = results - measured.length - bySeed.length + 1;
  if (degreesOfFreedom < 1) return null;
  const fit = fitResults(measured, bySeed);
  const residual = squaresOf(fit, bySeed) / degreesOfFreedom;
  const means = measured.map(({ accuracies }, index) => meanOf(accuracies) - (fit.ofSeeds[index] ?? 0));
  const chance = meanOf(measured.map(({ seeds }) => residual / seeds.length));
  const between = Math.max(varianceOf(means) - chance, leastSpread ** 2 * residual);
  const centre = meanOf(means);
  return measured.map(({ seeds }, index) => {
    const own = residual / seeds.length;
    const share = between > 0 ? between / (between + own) : 1;
    return { mean: centre + share * ((means[index] ?? 0) - centre), variance: share * own };
  });
}
