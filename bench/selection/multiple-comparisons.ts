/** Multiple comparisons with the best (Hsu 1984), to compare the tied set with: in the benchmark only. */
import { assess, type MeasuredCandidate } from '@compound-search/ranking';
import normalCdf from '@stdlib/stats-base-dists-normal-cdf';

const level = 0.95;

interface Node {
  readonly value: number;
  readonly weight: number;
}

/** A distribution as weighted nodes, by its density but for a constant factor. */
function discretise(logDensity: (value: number) => number, low: number, high: number): Node[] {
  const count = 200;
  const values = Array.from({ length: count }, (_, index) => low + ((high - low) * (index + 0.5)) / count);
  const densities = values.map((value) => Math.exp(logDensity(value)));
  const total = densities.reduce((sum, density) => sum + density, 0);
  return values.map((value, index) => ({ value, weight: (densities[index] ?? 0) / total }));
}

/** Of the mean of the control, in units of its standard error. */
const controls = discretise((value) => -(value ** 2) / 2, -6, 6);

/** Of an estimated standard deviation in units of the true one. */
function deviationsOf(degreesOfFreedom: number): Node[] {
  const reach = 5 / Math.sqrt(2 * degreesOfFreedom);
  return discretise(
    (value) => (degreesOfFreedom - 1) * Math.log(value) - (degreesOfFreedom * (value ** 2 - 1)) / 2,
    Math.max(0, 1 - reach),
    1 + reach,
  );
}

/**
 * Probability that none of `others` means, all as high as the control's, is above it by more than `critical` standard
 * errors of a difference: Dunnett's one-sided integral for equally many trainings of each, over the control's mean and over
 * the estimated standard deviation.
 */
function probabilityWithin(critical: number, others: number, deviations: readonly Node[]): number {
  let sum = 0;
  for (const deviation of deviations) {
    for (const control of controls) {
      const each = normalCdf(control.value + Math.SQRT2 * critical * deviation.value, 0, 1);
      sum += deviation.weight * control.weight * each ** others;
    }
  }
  return sum;
}

const known = new Map<string, number>();

/** Dunnett's one-sided critical value. */
export function criticalValue(others: number, degreesOfFreedom: number): number {
  const key = `${others} ${degreesOfFreedom}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const deviations = deviationsOf(degreesOfFreedom);
  let [low, high] = [0, 100];
  while (high - low > 1e-4) {
    const middle = (low + high) / 2;
    if (probabilityWithin(middle, others, deviations) < level) low = middle;
    else high = middle;
  }
  known.set(key, high);
  return high;
}

/**
 * Those that may be the best: whose mean is not below another one by more than chance explains at 95 %. Null where
 * candidates differ in their seeds, for which the critical value is not made.
 */
export function notRejectedAsBest(measured: readonly MeasuredCandidate[]): readonly string[] | null {
  const seeds = measured[0]?.seeds.length ?? 0;
  const { residual, candidates } = assess(measured);
  if (residual === null || measured.some((one) => one.seeds.length !== seeds || one.failedTraining)) return null;
  const error = Math.sqrt((2 * residual.variance) / seeds);
  const reach = error * criticalValue(measured.length - 1, residual.degreesOfFreedom);
  const highest = candidates.reduce((value, { mean }) => Math.max(value, mean), -Infinity);
  return candidates.flatMap(({ mean, fingerprint }) => (highest - mean < reach ? [fingerprint] : []));
}
