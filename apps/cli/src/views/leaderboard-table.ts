import type { Estimate, Leaderboard, LeaderboardRow, Point } from '@compound-search/contracts';

import {
  formatBounds,
  formatCoefficient,
  formatCount,
  formatEstimate,
  formatLoss,
  formatLossBounds,
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

/** A column with what stands in it. */
interface RowColumn extends Column {
  readonly cell: (row: LeaderboardRow) => string;
}

function ofPoint(title: string, cell: (point: Point) => string): RowColumn {
  return { title, align: 'right', cell: ({ points: [point] }) => (point === undefined ? '' : cell(point)) };
}

function right(title: string, cell: RowColumn['cell']): RowColumn {
  return { title, align: 'right', cell };
}

const pointColumns: readonly RowColumn[] = [
  right('rank', ({ rank }) => (rank === null ? '' : String(rank))),
  ofPoint('alpha', ({ alpha }) => formatCoefficient(alpha)),
  ofPoint('beta', ({ beta }) => formatCoefficient(beta)),
  ofPoint('gamma', ({ gamma }) => formatCoefficient(gamma)),
];
const label: RowColumn = { title: 'label', cell: ({ points }) => shortLabelOf(points) };
const product = ofPoint('product', (point) => formatRatio(point.product, 3));

const costColumns: readonly RowColumn[] = [
  right('MACs', ({ macs }) => formatCount(macs)),
  right('ratio', ({ macsRatio }) => formatRatio(macsRatio)),
  right('parameters', ({ parameters }) => formatCount(parameters)),
  right('pixels', ({ resolution }) => formatResolution(resolution)),
];

const byAccuracy: readonly RowColumn[] = [
  right('accuracy', accuracy),
  right('95 %', ({ rank, expectedAccuracy: expected }) =>
    rank === null || expected === null ? '' : formatBounds(expected.interval),
  ),
];
const byLoss: readonly RowColumn[] = [
  right('accuracy', accuracy),
  right('loss', ({ validationLoss }) => (validationLoss === null ? '' : formatLoss(validationLoss.mean))),
  right('95 %', ({ expectedLoss }) => (expectedLoss === null ? '' : formatLossBounds(expectedLoss.interval))),
];

const certaintyColumns: readonly RowColumn[] = [
  { title: 'tied', cell: ({ tied }) => (tied ? 'tied' : '') },
  right('best', ({ probabilityBest: probability }) => (probability === null ? '' : formatPercent(probability, 0))),
];

/**
 * What is shown of these rows. What a point that is listed stands for says more than its product, which no constraint holds
 * it to; losses take the place of the product too, so that the table stays as wide as it was.
 */
function columnsFor(rows: readonly LeaderboardRow[], isByLoss: boolean): RowColumn[] {
  return [
    ...pointColumns,
    ...(isLabelled(rows) ? [label] : isByLoss ? [] : [product]),
    ...costColumns,
    ...(isByLoss ? byLoss : byAccuracy),
    ...certaintyColumns,
  ];
}

/**
 * One line a candidate, best first. Candidates that several grid points round to show the point nearest to the target;
 * the others follow below the table. At most 120 columns wide.
 */
export function renderLeaderboard({ rows, baseline }: Leaderboard, winner?: WinnerTest): string {
  const isByLoss = rows.some(({ validationLoss }) => validationLoss !== null);
  const columns = columnsFor(rows, isByLoss);
  const table = renderTable(
    columns,
    rows.map((row) => columns.map(({ cell }) => cell(row))),
  );
  const legend =
    `Baseline: ${formatCount(baseline.macs)} MACs, ${formatCount(baseline.parameters)} parameters, ` +
    `resolution ${formatResolution(baseline.resolution)}. ${isByLoss ? 'Accuracy and loss are' : 'Accuracy is'} on the ` +
    `validation split; 95 %: between what ${isByLoss ? 'the loss' : 'it'} lies over all seeds; tied: cannot be told from ` +
    'the best; best: probability of being the best.';
  return [table, legend, ...rows.flatMap(equivalents), ...rows.flatMap((row) => testLine(row, winner))].join('\n');
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
