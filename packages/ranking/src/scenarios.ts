import { solveUpper } from './cholesky.ts';
import type { WeightedFit } from './hyperparameters.ts';
import type { Fit } from './mixed-model.ts';
import type { Observations } from './observations.ts';
import { chiSquare, normalQuantile } from './quantiles.ts';

/** One of the equally probable states of all that the candidates have in common. */
export interface Scenario {
  /** The trainings, with the precision that each candidate's have in it. */
  readonly observations: Observations;
  readonly fit: Fit;
  /** Residual standard deviation. */
  readonly deviation: number;
  /** Level and effects of the blocks of seeds. */
  readonly common: Float64Array;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let number = 2; primes.length < count; number++) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  return primes;
}

const quantiles = new Map<string, Float64Array>();

/**
 * Normal numbers of a quasi-random sequence, one of each axis for each of `count` points: Richtmyer's multiples of square
 * roots of primes, as Genz & Bretz (2009, 4.2.2) have them for the same integral. The same for ever, so kept.
 */
export function normalPoints(count: number, axes: number): Float64Array {
  const key = `${count} ${axes}`;
  const known = quantiles.get(key);
  if (known !== undefined) return known;
  const roots = firstPrimes(axes).map(Math.sqrt);
  const points = new Float64Array(count * axes);
  for (let point = 0; point < count; point++) {
    for (const [axis, root] of roots.entries()) {
      const place = ((point + 0.5) * root) % 1;
      points[point * axes + axis] = normalQuantile(place);
    }
  }
  quantiles.set(key, points);
  return points;
}

/** The fits, each as often as its weight says, in order. */
function resample(fits: readonly WeightedFit[], count: number): Fit[] {
  const chosen: Fit[] = [];
  let reached = 0;
  for (const { fit, weight } of fits) {
    reached += weight;
    while (chosen.length < count && (chosen.length + 0.5) / count < reached) chosen.push(fit);
  }
  const last = fits.at(-1);
  while (last !== undefined && chosen.length < count) chosen.push(last.fit);
  return chosen;
}

/** The fits of one draw of precisions, and how many scenarios it has. */
export interface WeighedDraw {
  readonly observations: Observations;
  readonly fits: readonly WeightedFit[];
  readonly scenarios: number;
}

/**
 * Equally probable scenarios, spread evenly over the posterior: the same ones on every machine. Where all candidates have
 * the same seeds and precision, level and seeds move all of them alike and stay at their mode.
 */
export function drawScenarios(draws: readonly WeighedDraw[]): Scenario[] {
  const count = draws.reduce((sum, { scenarios }) => sum + scenarios, 0);
  let first = 0;
  return draws.flatMap(({ observations, fits, scenarios }) => {
    const commonMatters = observations.patterns.length > 1;
    const axes = commonMatters ? observations.blocks.length + 2 : 1;
    const points = normalPoints(count, axes);
    const before = first;
    first += scenarios;
    return resample(fits, scenarios).map((fit, index): Scenario => {
      const z = points.subarray((before + index) * axes, (before + index + 1) * axes);
      const deviation = Math.sqrt(fit.squares / chiSquare(fit.degreesOfFreedom, z[0] ?? 0));
      if (!commonMatters) return { observations, fit, deviation, common: fit.common };
      const moved = solveUpper(fit.precision, z.subarray(1));
      const common = fit.common.map((mode, axis) => mode + deviation * (moved[axis] ?? 0));
      return { observations, fit, deviation, common };
    });
  });
}
