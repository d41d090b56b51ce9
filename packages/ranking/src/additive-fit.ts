import type { MeasuredCandidate } from './observations.ts';

/** What is left of a candidate's accuracies once its own mean and what its seeds do to all candidates are taken out. */
export interface CandidateFit {
  /** Mean of its accuracies less the effects of its seeds. */
  readonly mean: number;
  /** Sum of the squared residuals, and how many squares of independent residuals that amounts to. */
  readonly squares: number;
  readonly degreesOfFreedom: number;
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

function groupBySeed(measured: readonly Measured[], means: readonly number[]): Result[][] {
  const bySeed = new Map<number, Result[]>();
  for (const [candidate, { seeds, accuracies }] of measured.entries()) {
    for (const [index, seed] of seeds.entries()) {
      const result = { candidate, deviation: (accuracies[index] ?? 0) - (means[candidate] ?? 0) };
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
 * Fits accuracy = candidate + seed + residual by least squares, one seed after the other (Gauss and Seidel), with seeds
 * drawn towards no effect. A candidate with a single result says nothing about seeds, and does not hold up the others.
 */
export function fitAdditively(measured: readonly Measured[]): CandidateFit[] {
  const means = measured.map(({ accuracies }) => meanOf(accuracies));
  const bySeed = groupBySeed(measured, means);
  const fit: Fit = {
    counts: Float64Array.from(measured, ({ seeds }) => seeds.length),
    ofSeeds: new Float64Array(measured.length),
    effects: new Float64Array(bySeed.length),
  };
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (const [seed, results] of bySeed.entries()) fitSeed(fit, seed, results);
  }
  const squares = new Float64Array(measured.length);
  const freedoms = new Float64Array(measured.length);
  for (const [seed, results] of bySeed.entries()) {
    // Each result takes that part of a degree of freedom to estimate its seed, and its candidate one altogether.
    const ofSeed = 1 / (results.length + seedPrior);
    for (const { candidate, deviation } of results) {
      const residual = deviation + (fit.ofSeeds[candidate] ?? 0) - (fit.effects[seed] ?? 0);
      squares[candidate] = (squares[candidate] ?? 0) + residual ** 2;
      freedoms[candidate] = (freedoms[candidate] ?? 0) + (1 - ofSeed) * (1 - 1 / (fit.counts[candidate] ?? 1));
    }
  }
  return means.map((mean, index) => ({
    mean: mean - (fit.ofSeeds[index] ?? 0),
    squares: squares[index] ?? 0,
    degreesOfFreedom: freedoms[index] ?? 0,
  }));
}
