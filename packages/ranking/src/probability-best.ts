import { normalCdf, normalDensity, normalReach } from './normal-distribution.ts';
import type { CandidateScores } from './scores.ts';
import type { Spread } from './spread.ts';

/** What is known of a true mean: a normal distribution around the measured one. */
interface Belief {
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Nodes of the trapezoidal rule per narrowest deviation. The highest of 1,200 equal means is known four times as well as
 * each of them, and the error stays below 1e-13.
 */
const nodesPerDeviation = 6;
/** A probability that a sum of probabilities does not show. */
const negligible = 1e-17;

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

/**
 * Integral over x of P(this mean is x) * P(all other means are below x), by the trapezoidal rule, for each belief. It runs
 * downwards, until the probability that all means are still lower adds nothing.
 */
function integrate(beliefs: readonly Belief[]): number[] {
  const means = Float64Array.from(beliefs, ({ mean }) => mean);
  const deviations = Float64Array.from(beliefs, ({ deviation }) => deviation);
  const highest = means.reduce(
    (end, mean, index) => Math.max(end, mean + normalReach * (deviations[index] ?? 0)),
    -Infinity,
  );
  const step = deviations.reduce((one, other) => Math.min(one, other)) / nodesPerDeviation;
  const sums = new Float64Array(beliefs.length);
  const distances = new Float64Array(beliefs.length);
  const below = new Float64Array(beliefs.length);
  const others = new Float64Array(beliefs.length);
  for (let x = highest, all = 1; all > negligible; x -= step) {
    for (let index = 0; index < distances.length; index++) {
      const distance = (x - (means[index] ?? 0)) / (deviations[index] ?? 1);
      distances[index] = distance;
      below[index] = normalCdf(distance);
    }
    all = multiplyOthers(below, others);
    for (let index = 0; index < sums.length; index++) {
      const density = normalDensity(distances[index] ?? 0) / (deviations[index] ?? 1);
      sums[index] = (sums[index] ?? 0) + density * (others[index] ?? 0);
    }
  }
  const total = sums.reduce((sum, value) => sum + value, 0);
  return Array.from(sums, (value) => value / total);
}

/** Without any spread the highest mean is the best for certain; equal ones share. */
function shareAmongHighest(ranked: readonly CandidateScores[]): number[] {
  const means = ranked.map(({ mean }) => mean ?? 0);
  const highest = Math.max(...means);
  const count = means.filter((mean) => mean === highest).length;
  return means.map((mean) => (mean === highest ? 1 / count : 0));
}

/** Whether a true mean may be above that of the highest with a probability that a sum of probabilities would show. */
function mayExceed(belief: Belief, highest: Belief): boolean {
  return highest.mean - belief.mean <= normalReach * Math.hypot(belief.deviation, highest.deviation);
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
    deviation: Math.sqrt(pooled.variance / accuracies.length),
  }));
  // Most candidates of a large search are hopeless: their probability is 0, and they change no other one.
  const highest = beliefs.reduce((one, other) => (other.mean > one.mean ? other : one), {
    mean: -Infinity,
    deviation: 1,
  });
  const contenders = beliefs.filter((belief) => mayExceed(belief, highest));
  const probabilities = new Map(integrate(contenders).map((probability, index) => [contenders[index], probability]));
  return beliefs.map((belief) => probabilities.get(belief) ?? 0);
}
