import type { LeaderboardRow } from '@compound-search/contracts';

import { type CsvValue, toCsv } from '../csv.ts';

/**
 * Columns stay where they are and keep their meaning; new ones are added at the end. Several numbers in a cell, and
 * several points, have spaces between them.
 */
const columns: Readonly<Record<string, (row: LeaderboardRow) => CsvValue>> = {
  rank: ({ rank }) => rank,
  alpha: ({ points }) => points[0]?.alpha ?? null,
  beta: ({ points }) => points[0]?.beta ?? null,
  gamma: ({ points }) => points[0]?.gamma ?? null,
  product: ({ points }) => points[0]?.product ?? null,
  accuracy: ({ validationAccuracy }) => validationAccuracy?.mean ?? null,
  standardError: ({ validationAccuracy }) => validationAccuracy?.standardError ?? null,
  seeds: ({ validationAccuracy }) => validationAccuracy?.seeds ?? 0,
  tied: ({ tied }) => tied,
  probabilityBest: ({ probabilityBest }) => probabilityBest,
  behindBest: ({ behindBest }) => behindBest?.difference ?? null,
  macs: ({ macs }) => macs,
  macsRatio: ({ macsRatio }) => macsRatio,
  parameters: ({ parameters }) => parameters,
  activations: ({ activations }) => activations,
  height: ({ resolution }) => resolution[0] ?? null,
  width: ({ resolution }) => resolution[1] ?? null,
  repeats: ({ repeats }) => repeats.join(' '),
  channels: ({ channels }) => channels.join(' '),
  completedTrials: ({ trials }) => trials.completed,
  failedTrials: ({ trials }) => trials.failed,
  openTrials: ({ trials }) => trials.queued + trials.running,
  paretoOptimal: ({ paretoOptimal }) => paretoOptimal,
  reward: ({ reward }) => reward,
  candidateId: ({ candidateId }) => candidateId,
  fingerprint: ({ fingerprint }) => fingerprint,
  expectedAccuracy: ({ expectedAccuracy }) => expectedAccuracy?.mean ?? null,
  expectedAccuracyLow: ({ expectedAccuracy }) => expectedAccuracy?.interval[0] ?? null,
  expectedAccuracyHigh: ({ expectedAccuracy }) => expectedAccuracy?.interval[1] ?? null,
  behindBestLow: ({ behindBest }) => behindBest?.interval?.[0] ?? null,
  behindBestHigh: ({ behindBest }) => behindBest?.interval?.[1] ?? null,
  label: ({ points }) => points.flatMap(({ label }) => label ?? []).join(' = ') || null,
  loss: ({ validationLoss }) => validationLoss?.mean ?? null,
  lossStandardError: ({ validationLoss }) => validationLoss?.standardError ?? null,
  expectedLoss: ({ expectedLoss }) => expectedLoss?.mean ?? null,
  expectedLossLow: ({ expectedLoss }) => expectedLoss?.interval[0] ?? null,
  expectedLossHigh: ({ expectedLoss }) => expectedLoss?.interval[1] ?? null,
};

/** The names of the columns, in their order. */
export const leaderboardCsvColumns: readonly string[] = Object.keys(columns);

/** Rows of a leaderboard as comma-separated values. */
export function leaderboardCsv(rows: readonly LeaderboardRow[]): string {
  return toCsv(columns, rows);
}
