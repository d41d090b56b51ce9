import { randomStream } from '@compound-search/random';
import { assess, type MeasuredCandidate } from '@compound-search/ranking';
import studentCdf from '@stdlib/stats-base-dists-t-cdf';

import { drawNormal } from './surfaces.ts';

/** What was stated before the posterior: variance taken for known, every true mean as probable as any other. */
export interface FormerStatements {
  readonly leader: string;
  readonly probabilityBest: number;
  /** The leader and what a t test, corrected for the number of comparisons, does not tell from it. */
  readonly tied: readonly string[];
}

const draws = 1000;

/** The rule of answers of version 1, for candidates with the same seeds: for comparison in the benchmark only. */
export function stateByFormerRule(candidates: readonly MeasuredCandidate[]): FormerStatements {
  const { residual } = assess(candidates);
  const means = candidates.map(({ accuracies }) => accuracies.reduce((sum, one) => sum + one, 0) / accuracies.length);
  const highest = Math.max(...means);
  const seeds = candidates[0]?.seeds.length ?? 1;
  const deviation = Math.sqrt((residual?.variance ?? 0) / seeds);
  const stream = randomStream(1, 'former rule');
  let wins = 0;
  for (let draw = 0; draw < draws; draw++) {
    const drawn = means.map((mean) => mean + deviation * drawNormal(stream));
    wins += Number(drawn.indexOf(Math.max(...drawn)) === means.indexOf(highest));
  }
  const isTied = (mean: number): boolean => {
    const t = (highest - mean) / deviation / Math.SQRT2;
    return 2 * studentCdf(-t, residual?.degreesOfFreedom ?? 1) * (means.length - 1) >= 0.05;
  };
  const nameOf = (index: number): string => candidates[index]?.fingerprint ?? '';
  return {
    leader: nameOf(means.indexOf(highest)),
    probabilityBest: wins / draws,
    tied: means.flatMap((mean, index) => (mean === highest || isTied(mean) ? [nameOf(index)] : [])),
  };
}
