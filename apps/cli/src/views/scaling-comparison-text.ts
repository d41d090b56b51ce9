import type { Leaderboard, LeaderboardRow } from '@compound-search/contracts';

import { formatCoefficient, formatCount, formatPercent, formatRatio, formatResolution } from '../formatting/numbers.ts';
import { type Column, renderTable } from '../formatting/table.ts';
import { labelOf } from './point-labels.ts';

const columns: readonly Column[] = [
  { title: 'rank', align: 'right' },
  { title: 'method' },
  { title: 'alpha', align: 'right' },
  { title: 'beta', align: 'right' },
  { title: 'gamma', align: 'right' },
  { title: 'ratio', align: 'right' },
  { title: 'resolution', align: 'right' },
  { title: 'accuracy', align: 'right' },
  { title: 'behind best, 95 %' },
  { title: 'tied' },
];

/** One target of a comparison: its methods, best first, and whether compound scaling wins. At most 120 columns wide. */
export function renderScalingComparison(target: number, { rows, baseline }: Leaderboard): string {
  return [
    `At ${formatCoefficient(target)} times the ${formatCount(baseline.macs)} MACs of the baseline:`,
    renderTable(columns, rows.map(cells)),
    verdict(rows),
  ].join('\n');
}

function cells(row: LeaderboardRow): string[] {
  const [point] = row.points;
  return [
    row.rank === null ? '' : String(row.rank),
    // Methods that rounding has made the same network stand in one row.
    labelOf(row.points),
    ...[point?.alpha, point?.beta, point?.gamma].map((value) => (value === undefined ? '' : formatCoefficient(value))),
    formatRatio(row.macsRatio, 3),
    formatResolution(row.resolution),
    row.validationAccuracy === null ? 'none' : formatPercent(row.validationAccuracy.mean),
    row.behindBest === null ? '' : behind(row.behindBest),
    row.tied ? 'tied' : '',
  ];
}

function behind({ difference, interval }: NonNullable<LeaderboardRow['behindBest']>): string {
  const [low, high] = interval ?? [];
  const percent = formatPercent(difference);
  return low === undefined || high === undefined ? percent : `${percent} (${bound(low)} to ${bound(high)})`;
}

function bound(fraction: number): string {
  return (100 * fraction).toFixed(2);
}

/** Whether compound scaling wins, is tied or loses, in a sentence. */
export function verdict(rows: readonly LeaderboardRow[]): string {
  const compound = rows.find(({ points }) => points.some(({ label }) => label === 'compound'));
  if (compound === undefined || compound.rank === null) return 'Compound scaling has no result here.';
  const others = rows.filter((row) => row !== compound && row.rank !== null);
  if (compound.tied) {
    const equals = others.filter(({ tied }) => tied).map(({ points }) => labelOf(points));
    return `Compound scaling is tied here: it cannot be told from ${equals.join(', ')}.`;
  }
  if (compound.rank === 1) {
    return others.length === 0
      ? 'Compound scaling is alone here: nothing else has a result.'
      : 'Compound scaling wins here: it is the best, and nothing is tied with it.';
  }
  const [best] = rows.filter(({ rank }) => rank === 1);
  const distance = compound.behindBest === null ? '' : ` by ${behind(compound.behindBest)}`;
  return `Compound scaling loses here: it is behind ${best === undefined ? 'another' : labelOf(best.points)}${distance}.`;
}
