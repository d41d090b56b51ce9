import studentQuantile from '@stdlib/stats-base-dists-t-quantile';

import { squaredDeviations } from './scores.ts';
import { spreadOf } from './spread.ts';

interface Scores {
  readonly seeds: readonly number[];
  readonly accuracies: readonly number[];
  /** Of the accuracies. */
  readonly mean: number;
  readonly failedTraining: boolean;
}

const fewest = 3;
/** How far below the better half a mean lies that belongs to no common distribution: in ranges of that half, */
const ranges = 3;
/** and in standard deviations of its trainings. */
const deviations = 20;
/** How much more a candidate's own trainings vary than those of the better half: a standard deviation five times as large. */
const erraticRatio = 5;
/** And so much that chance would not make it so, on either side, in one of ten thousand. */
const erraticLevel = 1e-4;

/**
 * By what factor the variance of a candidate has to exceed that of the better half. Few trainings there agree by chance as
 * well: the quantile of F with one degree of freedom, the square of Student's t, is as high as that with more.
 */
function erraticFactor(degreesOfFreedom: number): number {
  return Math.max(erraticRatio, studentQuantile(1 - erraticLevel / 2, degreesOfFreedom)) ** 2;
}

/**
 * Whether candidates are to be set apart, of each: poor ones that collapsed or train erratically, at which the spread of the
 * others cannot be seen. What is left are candidates that may be taken as drawn from one distribution; a single outlier
 * would otherwise widen everyone's interval and undo the correction for luck.
 */
export function findSetApart(candidates: readonly Scores[]): boolean[] {
  const sound = candidates.filter(({ failedTraining }) => !failedTraining).sort((one, other) => other.mean - one.mean);
  const better = sound.slice(0, Math.max(2, Math.ceil(sound.length / 2)));
  const { residual } = spreadOf(better);
  const [highest, lowest] = [better[0]?.mean ?? 0, better.at(-1)?.mean ?? 0];
  if (sound.length < fewest || residual === null || residual.variance === 0) return candidates.map(() => false);
  const fence = lowest - Math.max(ranges * (highest - lowest), deviations * Math.sqrt(residual.variance));
  const factor = erraticFactor(residual.degreesOfFreedom);
  return candidates.map(({ accuracies, mean }) => {
    const freedom = accuracies.length - 1;
    const isErratic = freedom > 0 && squaredDeviations(accuracies) / freedom > factor * residual.variance;
    return mean < fence || (mean < lowest && isErratic);
  });
}
