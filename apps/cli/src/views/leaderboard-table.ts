import type { Estimate, Leaderboard, LeaderboardRow, Point } from '@compound-search/contracts';

import {
  formatBounds,
  formatCoefficient,
  formatCount,
  formatEstimate,
  formatPercent,
  formatRatio,
  formatResolution,
} from '../formatting/numbers.ts';
import { type Column, renderTable } from '../formatting/table.ts';
import { isLabelled, shortLabelOf } from './point-labels.ts';

/** The winner's accuracy on the test split, once it is known. */
export interface WinnerTest {
  readonly fingerprint: string;
  readonly testAccuracy: Estimate;
}

const pointColumns: readonly Column[] = [
  { title: 'alpha', align: 'right' },
  { title: 'beta', align: 'right' },
  { title: 'gamma', align: 'right' },
];

const resultColumns: readonly Column[] = [
  { title: 'MACs', align: 'right' },
  { title: 'ratio', align: 'right' },
  { title: 'parameters', align: 'right' },
  { title: 'pixels', align: 'right' },
  { title: 'accuracy', align: 'right' },
  { title: '95 %', align: 'right' },
  { title: 'tied' },
  { title: 'best', align: 'right' },
];

/**
 * One line a candidate, best first. Candidates that several grid points round to show the point nearest to the target;
 * the others follow below the table. At most 120 columns wide.
 */
export function renderLeaderboard({ rows, baseline }: Leaderboard, winner?: WinnerTest): string {
  const labelled = isLabelled(rows);
  const table = renderTable(
    [{ title: 'rank', align: 'right' }, ...pointColumns, labelled ? label : product, ...resultColumns],
    rows.map((row) => [row.rank === null ? '' : String(row.rank), ...pointCells(row, labelled), ...resultCells(row)]),
  );
  const legend =
    `Baseline: ${formatCount(baseline.macs)} MACs, ${formatCount(baseline.parameters)} parameters, ` +
    `resolution ${formatResolution(baseline.resolution)}. Accuracy is on the validation split; 95 %: between what ` +
    'it lies over all seeds; tied: cannot be told from the best; best: probability of being the best.';
  return [table, legend, ...rows.flatMap(equivalents), ...rows.flatMap((row) => testLine(row, winner))].join('\n');
}

/** What a point that is listed stands for says more than its product, which no constraint holds it to. */
const label: Column = { title: 'label' };
const product: Column = { title: 'product', align: 'right' };

function resultCells(row: LeaderboardRow): string[] {
  return [
    formatCount(row.macs),
    formatRatio(row.macsRatio),
    formatCount(row.parameters),
    formatResolution(row.resolution),
    accuracy(row),
    row.rank === null || row.expectedAccuracy === null ? '' : formatBounds(row.expectedAccuracy.interval),
    row.tied ? 'tied' : '',
    row.probabilityBest === null ? '' : formatPercent(row.probabilityBest, 0),
  ];
}

function pointCells({ points }: LeaderboardRow, labelled: boolean): string[] {
  const [point] = points;
  if (point === undefined) return pointColumns.map(() => '').concat('');
  return [
    formatCoefficient(point.alpha),
    formatCoefficient(point.beta),
    formatCoefficient(point.gamma),
    labelled ? shortLabelOf(points) : formatRatio(point.product, 3),
  ];
}

function accuracy({ validationAccuracy, trials }: LeaderboardRow): string {
  if (validationAccuracy !== null) return formatPercent(validationAccuracy.mean);
  if (trials.failedBy.training > 0) return 'failed';
  if (trials.running > 0) return 'running';
  if (trials.queued > 0) return 'queued';
  if (trials.paused > 0) return 'paused';
  return trials.failed > 0 ? 'lost' : 'cancelled';
}

function testLine({ fingerprint, points: [point] }: LeaderboardRow, winner: WinnerTest | undefined): string[] {
  if (winner?.fingerprint !== fingerprint || point === undefined) return [];
  return [`Test accuracy of ${formatPoint(point)}: ${formatEstimate(winner.testAccuracy)}.`];
}

function equivalents(row: LeaderboardRow): string[] {
  const [first, ...others] = row.points;
  if (first === undefined || others.length === 0) return [];
  return [`${formatPoint(first)} is the same network as ${others.map(formatPoint).join(', ')}.`];
}

/** A grid point as `(1.2, 1.1, 1.15)`. */
export function formatPoint({ alpha, beta, gamma }: Omit<Point, 'product'>): string {
  return `(${[alpha, beta, gamma].map(formatCoefficient).join(', ')})`;
}
