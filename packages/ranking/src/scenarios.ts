import normalQuantile from '@stdlib/stats-base-dists-t-quantile';

import { solveUpper } from './cholesky.ts';
import type { WeightedFit } from './hyperparameters.ts';
import type { Fit } from './mixed-model.ts';

/** One of the equally probable states of all that the candidates have in common. */
export interface Scenario {
  readonly fit: Fit;
  /** Residual standard deviation. */
  readonly deviation: number;
  /** Level and effects of the blocks of seeds. */
  readonly common: Float64Array;
}

/** Beyond this number of degrees of freedom Student's t distribution is the normal one to twelve digits. */
const normal = 1e12;

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
      points[point * axes + axis] = normalQuantile(place, normal);
    }
  }
  quantiles.set(key, points);
  return points;
}

/** Quantile of the chi-square distribution from that of the normal one: Wilson & Hilferty 1931. */
function chiSquare(degreesOfFreedom: number, z: number): number {
  const part = 2 / (9 * degreesOfFreedom);
  return degreesOfFreedom * Math.max(0.02, 1 - part + z * Math.sqrt(part)) ** 3;
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

/**
 * Equally probable scenarios, spread evenly over the posterior: the same ones on every machine. Where all candidates have
 * the same seeds, level and seeds move all of them alike and stay at their mode.
 */
export function drawScenarios(fits: readonly WeightedFit[], count: number, commonMatters: boolean): Scenario[] {
  const size = fits[0]?.fit.common.length ?? 0;
  const axes = commonMatters ? size + 1 : 1;
  const points = normalPoints(count, axes);
  return resample(fits, count).map((fit, index) => {
    const z = points.subarray(index * axes, (index + 1) * axes);
    const deviation = Math.sqrt(fit.squares / chiSquare(fit.degreesOfFreedom, z[0] ?? 0));
    if (!commonMatters) return { fit, deviation, common: fit.common };
    const moved = solveUpper(fit.precision, z.subarray(1));
    return { fit, deviation, common: fit.common.map((mode, axis) => mode + deviation * (moved[axis] ?? 0)) };
  });
}
