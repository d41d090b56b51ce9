import type { Belief } from './beliefs.ts';
import { normalCdf, normalDensity } from './normal-distribution.ts';

/** Beyond so many deviations lies a probability of 1e-9. */
const reach = 6;
/**
 * Nodes of the trapezoidal rule per narrowest deviation. The highest of 1,200 equal means is known four times as well as
 * each of them: the error is then below 1e-6, and below 1e-12 for two.
 */
const nodesPerDeviation = 3;
/** A probability that all means are lower which adds nothing any more. */
const negligible = 1e-12;

/** Which of independent normal means is the highest. */
export interface HighestMean {
  /** Probability that a candidate's mean is the highest, of each; they sum to 1. */
  readonly probabilities: Float64Array;
  /** Probability that the leader's mean is not further than the indifference below the highest. */
  readonly indifferent: number;
}

/** The candidates that may be the highest: all others are certain to be lower than the one that is probably highest. */
function contendersOf({ means, deviations }: Belief, eligible: readonly number[]): number[] {
  let floor = -Infinity;
  for (const index of eligible) floor = Math.max(floor, (means[index] ?? 0) - reach * (deviations[index] ?? 0));
  return eligible.filter((index) => (means[index] ?? 0) + reach * (deviations[index] ?? 0) >= floor);
}

/** Sets `products` to the product of all factors but one, for each, without dividing: a factor may be 0. Returns that of all. */
function multiplyOthers(factors: Float64Array, products: Float64Array): number {
  let before = 1;
  for (let index = 0; index < factors.length; index++) {
    products[index] = before;
    before *= factors[index] ?? 1;
  }
  let after = 1;
  for (let index = factors.length - 1; index >= 0; index--) {
    products[index] = (products[index] ?? 0) * after;
    after *= factors[index] ?? 1;
  }
  return before;
}

interface Contenders {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  readonly step: number;
  readonly highest: number;
}

function gather({ means, deviations }: Belief, indices: readonly number[]): Contenders {
  const own = Float64Array.from(indices, (index) => means[index] ?? 0);
  const spread = Float64Array.from(indices, (index) => deviations[index] ?? 0);
  let highest = -Infinity;
  for (let index = 0; index < own.length; index++) {
    highest = Math.max(highest, (own[index] ?? 0) + reach * (spread[index] ?? 0));
  }
  return { means: own, deviations: spread, step: spread.reduce((a, b) => Math.min(a, b)) / nodesPerDeviation, highest };
}

/** Integral over x of P(this mean is x) * P(all other means are below x), for each, downwards by the trapezoidal rule. */
function integrateHighest({ means, deviations, step, highest }: Contenders): Float64Array {
  const sums = new Float64Array(means.length);
  const below = new Float64Array(means.length);
  const densities = new Float64Array(means.length);
  const others = new Float64Array(means.length);
  for (let x = highest, all = 1; all > negligible; x -= step) {
    for (let index = 0; index < means.length; index++) {
      const deviation = deviations[index] ?? 1;
      const distance = (x - (means[index] ?? 0)) / deviation;
      below[index] = normalCdf(distance);
      densities[index] = normalDensity(distance) / deviation;
    }
    all = multiplyOthers(below, others);
    for (let index = 0; index < sums.length; index++) {
      sums[index] = (sums[index] ?? 0) + (densities[index] ?? 0) * (others[index] ?? 0);
    }
  }
  const total = sums.reduce((sum, value) => sum + value, 0);
  return sums.map((value) => value / total);
}

/** Integral over x of P(the leader's mean is x) * P(all other means are below x + indifference). */
function integrateIndifferent({ means, deviations, step }: Contenders, leader: number, indifference: number): number {
  const mean = means[leader] ?? 0;
  const deviation = deviations[leader] ?? 1;
  const nodes = Math.ceil((reach * deviation) / step);
  let sum = 0;
  let total = 0;
  for (let node = -nodes; node <= nodes; node++) {
    const x = mean + node * step;
    let product = normalDensity((x - mean) / deviation);
    total += product;
    for (let index = 0; index < means.length && product > 0; index++) {
      if (index !== leader) product *= normalCdf((x + indifference - (means[index] ?? 0)) / (deviations[index] ?? 1));
    }
    sum += product;
  }
  return sum / total;
}

/** Which of the eligible candidates has the highest true mean, given what they have in common. */
export function highestMean(
  belief: Belief,
  eligible: readonly number[],
  leader: number,
  indifference: number,
): HighestMean {
  const indices = contendersOf(belief, eligible);
  const probabilities = new Float64Array(belief.means.length);
  // In this scenario the leader may be hopeless: the others decide then, but it is still asked how far it is below.
  const withLeader = gather(belief, indices.includes(leader) ? indices : [...indices, leader]);
  const place = indices.includes(leader) ? indices.indexOf(leader) : indices.length;
  const indifferent = integrateIndifferent(withLeader, place, indifference);
  const shares = indices.length === 1 ? Float64Array.of(1) : integrateHighest(gather(belief, indices));
  for (const [index, candidate] of indices.entries()) probabilities[candidate] = shares[index] ?? 0;
  return { probabilities, indifferent };
}
