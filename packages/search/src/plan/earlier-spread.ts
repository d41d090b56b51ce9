import { mostSeeds, type PlanWarning, type SearchRequest } from '@compound-search/contracts';
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

type Accuracies = EarlierScores['candidates'][number];

/** Of the differences of pairs of candidates over their common seeds. */
interface PairSums {
  readonly pairs: number;
  /** Of each pair's variance over seeds. */
  readonly variance: number;
  /** Of each pair's mean difference, squared, less what chance adds to that. */
  readonly squaredDifference: number;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The sum of the squared differences of all pairs: so many values times their sum of squares about the mean. */
function squaredDifferences(values: readonly number[]): number {
  const mean = sum(values) / values.length;
  return values.length * sum(values.map((value) => (value - mean) ** 2));
}

/** All pairs of candidates that have these seeds, at the cost of one pass over them. */
function sumsOfPairs(candidates: readonly Accuracies[], seeds: readonly number[]): PairSums {
  const scores = candidates.map((accuracies) => seeds.map((seed) => accuracies.get(seed) ?? NaN));
  const means = scores.map((own) => sum(own) / seeds.length);
  const deviations = seeds.map((_, place) => scores.map((own, index) => (own[place] ?? NaN) - (means[index] ?? NaN)));
  const variance = sum(deviations.map(squaredDifferences)) / (seeds.length - 1);
  return {
    pairs: (candidates.length * (candidates.length - 1)) / 2,
    variance,
    // The square of a mean difference is too large by the variance of the mean.
    squaredDifference: squaredDifferences(means) - variance / seeds.length,
  };
}

/** Pairs of one candidate of each group: those of both groups together, less those within either. */
function sumsBetween(
  one: readonly Accuracies[],
  other: readonly Accuracies[],
  seeds: readonly number[],
): readonly PairSums[] {
  const negated = ({ pairs, variance, squaredDifference }: PairSums): PairSums => ({
    pairs: -pairs,
    variance: -variance,
    squaredDifference: -squaredDifference,
  });
  return [sumsOfPairs([...one, ...other], seeds), negated(sumsOfPairs(one, seeds)), negated(sumsOfPairs(other, seeds))];
}

interface SeedGroup {
  readonly seeds: readonly number[];
  readonly candidates: Accuracies[];
}

/** Candidates with the same seeds; a search has few such groups, since seeds are given in their order. */
function groupBySeeds(candidates: readonly Accuracies[]): SeedGroup[] {
  const groups = new Map<string, SeedGroup>();
  for (const accuracies of candidates) {
    const seeds = [...accuracies.keys()].sort((one, other) => one - other);
    const group = groups.get(seeds.join(' '));
    if (group === undefined) groups.set(seeds.join(' '), { seeds, candidates: [accuracies] });
    else group.candidates.push(accuracies);
  }
  return [...groups.values()];
}

/** All pairs of candidates of a search that have two seeds in common. */
function pairsOf(search: EarlierScores): PairSums {
  const groups = groupBySeeds(search.candidates);
  const sums = groups.flatMap(({ candidates, seeds }, index) => [
    ...(seeds.length > 1 ? [sumsOfPairs(candidates, seeds)] : []),
    ...groups.slice(index + 1).flatMap((other) => {
      const common = seeds.filter((seed) => other.seeds.includes(seed));
      return common.length > 1 ? sumsBetween(candidates, other.candidates, common) : [];
    }),
  ]);
  return {
    pairs: sum(sums.map(({ pairs }) => pairs)),
    variance: sum(sums.map(({ variance }) => variance)),
    squaredDifference: sum(sums.map(({ squaredDifference }) => squaredDifference)),
  };
}

/**
 * The spread of earlier searches, from all pairs of candidates of one search over their common seeds, as they would be
 * compared; null where no two networks have had two seeds in common.
 */
export function earlierSpread(searches: readonly EarlierScores[]): EarlierSpread | null {
  const used = searches.map(pairsOf).filter(({ pairs }) => pairs > 0);
  if (used.length === 0) return null;
  const pairs = sum(used.map((one) => one.pairs));
  const mean = (values: readonly number[]): number => Math.max(0, sum(values) / pairs);
  return {
    bySeed: Math.sqrt(mean(used.map(({ variance }) => variance))),
    betweenNetworks: Math.sqrt(mean(used.map(({ squaredDifference }) => squaredDifference))),
    searches: used.length,
  };
}

/** The fewest seeds whose least significant difference is no larger than the one that is to be told. */
export function seedsNeeded({ bySeed }: Pick<EarlierSpread, 'bySeed'>, difference: number): number {
  return Math.max(1, Math.ceil(((normalQuantile * bySeed) / difference) ** 2));
}

/** A spread below this comes from rounding: an accuracy is a count of images. */
const noSpread = 1e-7;

/**
 * Whether the seeds of a search cannot tell two networks apart that differ as they did earlier; how many would. A race
 * has said enough where it shows that two networks are within its indifference of each other.
 */
export function tooFewSeeds(
  request: Pick<SearchRequest, 'strategy' | 'seeds'>,
  spread: EarlierSpread | null,
): PlanWarning[] {
  if (spread === null || spread.bySeed < noSpread) return [];
  const { strategy } = request;
  const least = strategy.kind === 'racing' ? strategy.indifference : 0;
  const seeds = mostSeeds(request);
  const needed = seedsNeeded(spread, Math.max(spread.betweenNetworks, least));
  if (seeds >= needed) return [];
  const networks = spread.betweenNetworks >= least ? 'such networks' : `networks that differ by ${points(least)}`;
  const message =
    `In ${spread.searches === 1 ? 'an earlier search' : `${spread.searches} earlier searches`} of this baseline and ` +
    `these data two networks differed by ${points(spread.betweenNetworks)} beyond what chance explains, and a difference ` +
    `of two by ${points(spread.bySeed)} from seed to seed: ${seeds === 1 ? 'one seed does' : `${seeds} seeds do`} not tell ${networks} apart, ` +
    `${remedyOf(strategy, needed)}.`;
  return [{ code: 'TOO_FEW_SEEDS', message }];
}

function points(fraction: number): string {
  return `${(100 * fraction).toFixed(2)} points`;
}

function remedyOf({ kind }: SearchRequest['strategy'], needed: number): string {
  if (needed > maximumSeeds) return `${maximumSeeds} would not do either`;
  return kind === 'halving' ? `it would take ${needed}, with another strategy` : `it would take ${needed}`;
}
