import { type NumberedSeeds, numberSeeds } from './numbered-seeds.ts';
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

/** The results of all candidates, seed by seed. */
interface Results {
  /** Of each seed where its results begin; the last entry is their number. */
  readonly starts: Int32Array;
  /** Of each result. */
  readonly candidates: Int32Array;
  /** Of each result: its accuracy less the mean of all accuracies of its candidate. */
  readonly deviations: Float64Array;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function add(values: Float64Array | Int32Array, index: number, value: number): void {
  values[index] = (values[index] ?? 0) + value;
}

/** Of each seed, how many results those before it have. */
function startsOf({ count, ofCandidates }: NumberedSeeds): Int32Array {
  const starts = new Int32Array(count + 1);
  for (const numbers of ofCandidates) {
    for (const seed of numbers) add(starts, seed + 1, 1);
  }
  for (let seed = 0; seed < count; seed++) add(starts, seed + 1, starts[seed] ?? 0);
  return starts;
}

function sortBySeed(measured: readonly Measured[], means: readonly number[]): Results {
  const numbered = numberSeeds(measured);
  const starts = startsOf(numbered);
  const total = starts.at(-1) ?? 0;
  const results = { starts, candidates: new Int32Array(total), deviations: new Float64Array(total) };
  const next = starts.slice();
  for (const [candidate, seeds] of numbered.ofCandidates.entries()) {
    const { accuracies = [] } = measured[candidate] ?? {};
    const mean = means[candidate] ?? 0;
    for (const [index, seed] of seeds.entries()) {
      const place = next[seed] ?? 0;
      next[seed] = place + 1;
      results.candidates[place] = candidate;
      results.deviations[place] = (accuracies[index] ?? 0) - mean;
    }
  }
  return results;
}

/**
 * What a seed does to all candidates is taken for as small as if its standard deviation were half of that between the
 * trainings of one candidate: it counts like so many more results of no effect.
 */
const seedPrior = 4;
const sweeps = 8;

interface Fit {
  /** Of each candidate, one over its trainings. */
  readonly shares: Float64Array;
  /** What the seeds of each candidate have added to its mean. */
  readonly ofSeeds: Float64Array;
  /** What each seed adds. */
  readonly effects: Float64Array;
}

/** Between which places the results of a seed lie. */
function rangeOf({ starts }: Results, seed: number): [number, number] {
  return [starts[seed] ?? 0, starts[seed + 1] ?? 0];
}

/** By how much the effect of a seed changes to where it fits best, with all candidates following it. */
function changeOf({ shares, ofSeeds }: Fit, effect: number, results: Results, seed: number): number {
  const { candidates, deviations } = results;
  const [start, end] = rangeOf(results, seed);
  let gradient = -seedPrior * effect;
  let curvature = seedPrior;
  for (let place = start; place < end; place++) {
    const candidate = candidates[place] ?? 0;
    gradient += (deviations[place] ?? 0) + (ofSeeds[candidate] ?? 0) - effect;
    curvature += 1 - (shares[candidate] ?? 0);
  }
  return gradient / curvature;
}

function fitSeed(fit: Fit, results: Results, seed: number): void {
  const change = changeOf(fit, fit.effects[seed] ?? 0, results, seed);
  add(fit.effects, seed, change);
  const [start, end] = rangeOf(results, seed);
  for (let place = start; place < end; place++) {
    const candidate = results.candidates[place] ?? 0;
    add(fit.ofSeeds, candidate, change * (fit.shares[candidate] ?? 0));
  }
}

/**
 * Fits accuracy = candidate + seed + residual by least squares, one seed after the other (Gauss and Seidel), with seeds
 * drawn towards no effect. A candidate with a single result says nothing about seeds, and does not hold up the others.
 */
export function fitAdditively(measured: readonly Measured[]): CandidateFit[] {
  const means = measured.map(({ accuracies }) => meanOf(accuracies));
  const results = sortBySeed(measured, means);
  const seeds = results.starts.length - 1;
  const fit: Fit = {
    shares: Float64Array.from(measured, ({ accuracies }) => 1 / accuracies.length),
    ofSeeds: new Float64Array(measured.length),
    effects: new Float64Array(seeds),
  };
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let seed = 0; seed < seeds; seed++) fitSeed(fit, results, seed);
  }
  return sumUpResiduals(results, fit, means);
}

function sumUpResiduals(results: Results, fit: Fit, means: readonly number[]): CandidateFit[] {
  const squares = new Float64Array(means.length);
  const freedoms = new Float64Array(means.length);
  for (const [seed, effect] of fit.effects.entries()) {
    const [start, end] = rangeOf(results, seed);
    // Each result takes this part of a degree of freedom to estimate its seed, and its candidate one altogether.
    const ofSeed = 1 / (end - start + seedPrior);
    for (let place = start; place < end; place++) {
      const candidate = results.candidates[place] ?? 0;
      const residual = (results.deviations[place] ?? 0) + (fit.ofSeeds[candidate] ?? 0) - effect;
      add(squares, candidate, residual ** 2);
      add(freedoms, candidate, (1 - ofSeed) * (1 - (fit.shares[candidate] ?? 0)));
    }
  }
  return means.map((mean, index) => ({
    mean: mean - (fit.ofSeeds[index] ?? 0),
    squares: squares[index] ?? 0,
    degreesOfFreedom: freedoms[index] ?? 0,
  }));
}
