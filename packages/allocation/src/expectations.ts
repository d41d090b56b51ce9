import { expectVariances, fitAdditively, type MeasuredCandidate } from '@compound-search/ranking';

/** What is expected of a candidate's true mean. */
export interface Expectation {
  readonly mean: number;
  readonly variance: number;
  /** Of one of its trainings. */
  readonly trainingVariance: number;
}

type Measured = Pick<MeasuredCandidate, 'seeds' | 'accuracies'>;

/** The spread of true means is never taken for less than this part of that between trainings of one candidate. */
const leastSpread = 0.3;

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
}

/** Of accuracy = candidate + seed + residual. */
function degreesOfFreedom(measured: readonly Measured[]): number {
  const seeds = new Set(measured.flatMap((one) => one.seeds)).size;
  return measured.reduce((sum, one) => sum + one.seeds.length, 0) - measured.length - seeds + 1;
}

/**
 * What is expected of the true means of candidates with results: each is drawn towards the mean of all, by as much as
 * chance contributes to it (empirical Bayes with moments, Efron & Morris 1975). Null where nothing tells how much that is.
 *
 * It takes microseconds, where the joint posterior of packages/ranking takes milliseconds. So it says which training is
 * worth most, many times a decision; how sure an answer is says that posterior alone.
 */
export function expectMeans(measured: readonly Measured[]): Expectation[] | null {
  if (degreesOfFreedom(measured) < 1) return null;
  const fits = fitAdditively(measured);
  const variances = expectVariances(fits);
  if (variances === null) return null;
  const means = fits.map(({ mean }) => mean);
  const ofMeans = measured.map(({ seeds }, index) => (variances[index] ?? 0) / seeds.length);
  const between = Math.max(varianceOf(means) - meanOf(ofMeans), leastSpread ** 2 * meanOf(variances));
  const centre = meanOf(means);
  return means.map((mean, index) => {
    const own = ofMeans[index] ?? 0;
    const share = between > 0 ? between / (between + own) : 1;
    return {
      mean: centre + share * (mean - centre),
      variance: share * own,
      trainingVariance: variances[index] ?? 0,
    };
  });
}
