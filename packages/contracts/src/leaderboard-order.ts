import { z } from 'zod';

/** What the rows of a leaderboard can be sorted by. `trials` are the completed ones, `resolution` is in pixels. */
export const leaderboardSortKeys = [
  'rank',
  'accuracy',
  'loss',
  'probabilityBest',
  'reward',
  'macs',
  'parameters',
  'activations',
  'resolution',
  'alpha',
  'beta',
  'gamma',
  'product',
  'trials',
] as const;
export type LeaderboardSortKey = (typeof leaderboardSortKeys)[number];

export const sortOrders = ['ascending', 'descending'] as const;
export type SortOrder = (typeof sortOrders)[number];

/** Which rows of a leaderboard, in which order. Filters take rows away and change nothing in those that stay. */
export const leaderboardOrderSchema = z.strictObject({
  sort: z.enum(leaderboardSortKeys).default('rank'),
  /** Where absent: the best first for rank, accuracy, probabilityBest, reward and trials, the smallest first for the others. */
  order: z.enum(sortOrders).optional(),
  /** Only rows that cannot be told from the best, or only those that can. */
  tied: z.boolean().optional(),
  /** Only rows on the Pareto front of accuracy and MACs, or only the others. */
  paretoOptimal: z.boolean().optional(),
  /** Only rows with so many completed trials. */
  minimumTrials: z.int().min(0).optional(),
  maximumMacs: z.int().min(0).optional(),
  maximumParameters: z.int().min(0).optional(),
});
export type LeaderboardOrder = z.infer<typeof leaderboardOrderSchema>;
export type LeaderboardOrderInput = z.input<typeof leaderboardOrderSchema>;
