import type { PlanWarning } from '@compound-search/contracts';
import type { EarlierScores } from '@compound-search/store';

/** How accuracies of a baseline on some data have spread, as fractions. */
export interface EarlierSpread {
  /** Standard deviation, over common seeds, of the difference between two networks. */
  readonly bySeed: number;
  /** Root mean square of the true difference between two networks; 0 where none shows beyond the seeds. */
  readonly betweenNetworks: number;
  readonly searches: number;
}

/** Of the normal distribution, for a two-sided test at the 5 % level: the variance is pooled over many pairs. */
const normalQuantile = 1.96;
/** The most that a request may have. */
const maximumSeeds = 100;

interface PairSums {
  pairs: number;
  variance: number;
  squaredDifference: number;
}

/** Differences of two candidates over their common seeds; undefined where these are fewer than two. */
function compare(one: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>) {
  const differences = [...one].flatMap(([seed, accuracy]) => {
    const paired = other.get(seed);
    return paired === undefined ? [] : [accuracy - paired];
  });
  const count = differences.length;
  if (count < 2) return undefined;
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / count;
  const variance = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0) / (count - 1);
  // The square of a mean difference is too large by the variance of the mean.
  return { variance, squaredDifference: mean ** 2 - variance / count };
}

/**
 * The spread of earlier searches, from all pairs of candidates of one search over their common seeds, as they would be
 * compared; null where no two networks have had two seeds in common.
 */
export function earlierSpread(searches: readonly EarlierScores[]): EarlierSpread | null {
  const sums: PairSums = { pairs: 0, variance: 0, squaredDifference: 0 };
  let used = 0;
  for (const { candidates } of searches) {
    const before = sums.pairs;
    candidates.forEach((one, index) => {
      for (const other of candidates.slice(index + 1)) {
        const compared = compare(one, other);
        if (compared === undefined) continue;
        sums.pairs += 1;
        sums.variance += compared.variance;
        sums.squaredDifference += compared.squaredDifference;
      }
    });
    if (sums.pairs > before) used += 1;
  }
  if (sums.pairs === 0) return null;
  return {
    bySeed: Math.sqrt(sums.variance / sums.pairs),
    betweenNetworks: Math.sqrt(Math.max(0, sums.squaredDifference / sums.pairs)),
    searches: used,
  };
}

/** The fewest seeds whose least significant difference is no larger than the usual difference between two networks. */
export function seedsNeeded({ bySeed, betweenNetworks }: EarlierSpread): number {
  return Math.max(1, Math.ceil(((normalQuantile * bySeed) / betweenNetworks) ** 2));
}

/** Whether the seeds of a search cannot tell two networks apart that differ as they did earlier; how many would. */
export function tooFewSeeds(seeds: number, spread: EarlierSpread | null): PlanWarning[] {
  if (spread === null || spread.bySeed === 0) return [];
  const needed = seedsNeeded(spread);
  if (seeds >= needed) return [];
  const points = (fraction: number): string => `${(100 * fraction).toFixed(2)} points`;
  const count = needed <= maximumSeeds ? `it would take ${needed}` : `${maximumSeeds} would not do either`;
  const message =
    `In ${spread.searches === 1 ? 'an earlier search' : `${spread.searches} earlier searches`} of this baseline and ` +
    `these data two networks differed by ${points(spread.betweenNetworks)}, and that by ${points(spread.bySeed)} from ` +
    `seed to seed: ${seeds === 1 ? 'one seed does' : `${seeds} seeds do`} not tell such networks apart, ${count}.`;
  return [{ code: 'TOO_FEW_SEEDS', message }];
}
