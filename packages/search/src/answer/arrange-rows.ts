import type { LeaderboardOrder, LeaderboardRow, LeaderboardSortKey } from '@compound-search/contracts';

type Measure = (row: LeaderboardRow) => number | null | undefined;

const measures: Readonly<Record<LeaderboardSortKey, Measure>> = {
  rank: ({ rank }) => rank,
  accuracy: ({ validationAccuracy }) => validationAccuracy?.mean,
  loss: ({ validationLoss }) => validationLoss?.mean,
  probabilityBest: ({ probabilityBest }) => probabilityBest,
  reward: ({ reward }) => reward,
  macs: ({ macs }) => macs,
  parameters: ({ parameters }) => parameters,
  activations: ({ activations }) => activations,
  resolution: ({ resolution }) => resolution.reduce((product, side) => product * side, 1),
  alpha: ({ points }) => points[0]?.alpha,
  beta: ({ points }) => points[0]?.beta,
  gamma: ({ points }) => points[0]?.gamma,
  product: ({ points }) => points[0]?.product,
  trials: ({ trials }) => trials.completed,
};

/** More of these is better; ranks count from the best, and of all else less is cheaper. */
const largestFirst: ReadonlySet<LeaderboardSortKey> = new Set(['accuracy', 'probabilityBest', 'reward', 'trials']);

/** Whether the rows are those of the leaderboard itself, in its own order. */
export function isWholeByRank({ sort, order, ...filters }: LeaderboardOrder): boolean {
  return sort === 'rank' && order !== 'descending' && Object.values(filters).every((value) => value === undefined);
}

/**
 * The rows that pass the filters, sorted. Those that have no such measure come last in either order, and equal ones stay
 * as the leaderboard has them, best first.
 */
export function arrangeRows(rows: readonly LeaderboardRow[], wanted: LeaderboardOrder): LeaderboardRow[] {
  const { sort, order = largestFirst.has(sort) ? 'descending' : 'ascending' } = wanted;
  const measure = measures[sort];
  const sign = order === 'ascending' ? 1 : -1;
  return rows
    .filter((row) => passes(row, wanted))
    .map((row) => ({ row, value: measure(row) ?? null }))
    .toSorted((one, other) => {
      if (one.value === null || other.value === null) return Number(one.value === null) - Number(other.value === null);
      return sign * (one.value - other.value);
    })
    .map(({ row }) => row);
}

function passes(row: LeaderboardRow, wanted: LeaderboardOrder): boolean {
  const { tied, paretoOptimal, minimumTrials = 0, maximumMacs = Infinity, maximumParameters = Infinity } = wanted;
  return (
    (tied === undefined || row.tied === tied) &&
    (paretoOptimal === undefined || row.paretoOptimal === paretoOptimal) &&
    row.trials.completed >= minimumTrials &&
    row.macs <= maximumMacs &&
    row.parameters <= maximumParameters
  );
}
