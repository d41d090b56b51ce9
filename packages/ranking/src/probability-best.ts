import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalPdf from '@stdlib/stats-base-dists-normal-pdf';

import type { CandidateScores } from './scores.ts';
import type { Spread } from './spread.ts';

interface Belief {
  readonly mean: number;
  readonly deviation: number;
}

/** A step of at most 0.7 deviations up to a tenfold difference of deviations: the rule's error is then below 1e-8. */
const nodes = 256;
/** A normal variable leaves this many standard deviations on either side of its mean with a probability of 1e-19. */
const reach = 9;

/** Products of all numbers but one, for each, without dividing: a factor may be 0. */
function productsOfOthers(factors: Float64Array): Float64Array {
  const products = new Float64Array(factors.length).fill(1);
  let before = 1;
  let after = 1;
  for (let first = 0; first < factors.length; first++) {
    const last = factors.length - 1 - first;
    products[first] = (products[first] ?? 0) * before;
    products[last] = (products[last] ?? 0) * after;
    before *= factors[first] ?? 1;
    after *= factors[last] ?? 1;
  }
  return products;
}

/** Integral over x of P(this mean is x) * P(all other means are below x), by the trapezoidal rule, for each belief. */
function integrate(beliefs: readonly Belief[]): number[] {
  const widest = Math.max(...beliefs.map(({ deviation }) => deviation));
  const highest = Math.max(...beliefs.map(({ mean }) => mean));
  const start = highest - reach * widest;
  const step = (2 * reach * widest) / (nodes - 1);
  const sums = beliefs.map(() => 0);
  for (let node = 0; node < nodes; node++) {
    const x = start + node * step;
    const below = Float64Array.from(beliefs, ({ mean, deviation }) => normalCdf(x, mean, deviation));
    const others = productsOfOthers(below);
    beliefs.forEach(({ mean, deviation }, index) => {
      const density = normalPdf(x, mean, deviation);
      sums[index] = (sums[index] ?? 0) + density * (others[index] ?? 0) * step;
    });
  }
  const total = sums.reduce((sum, value) => sum + value, 0);
  return sums.map((value) => value / total);
}

/** Without any spread the highest mean is the best for certain; equal ones share. */
function shareAmongHighest(ranked: readonly CandidateScores[]): number[] {
  const means = ranked.map(({ mean }) => mean ?? 0);
  const highest = Math.max(...means);
  const count = means.filter((mean) => mean === highest).length;
  return means.map((mean) => (mean === highest ? 1 / count : 0));
}

/**
 * For each candidate with completed trials the probability that its true mean accuracy is the highest of all; null where
 * the spread over seeds is unknown. The true means are taken as independent and normal around the measured ones, with the
 * pooled spread over the square root of the number of seeds as deviation (a flat prior). The probabilities sum to 1.
 */
export function probabilitiesBest(ranked: readonly CandidateScores[], spread: Spread): (number | null)[] {
  if (ranked.length === 1) return [1];
  const pooled = spread.residual ?? spread.within;
  if (pooled === null) return ranked.map(() => null);
  if (pooled.variance === 0) return shareAmongHighest(ranked);
  const beliefs = ranked.map(({ mean, accuracies }) => ({
    mean: mean ?? 0,
    deviation: Math.sqrt(pooled.variance / accuracies.size),
  }));
  // Candidates further below the best than any deviation reaches change no probability by 1e-19, but cost time.
  const widest = Math.max(...beliefs.map(({ deviation }) => deviation));
  const highest = Math.max(...beliefs.map(({ mean }) => mean));
  const contenders = beliefs.filter(({ mean }) => mean > highest - 2 * reach * widest);
  const probabilities = new Map(integrate(contenders).map((probability, index) => [contenders[index], probability]));
  return beliefs.map((belief) => probabilities.get(belief) ?? 0);
}
