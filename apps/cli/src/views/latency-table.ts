import { summarizeNetwork } from '@compound-search/networks';

import type { MeasuredNetwork } from '../commands/latency.ts';
import { formatCoefficient, formatCount, formatEstimate, formatResolution } from '../formatting/numbers.ts';
import { renderTable } from '../formatting/table.ts';

const titles = ['rank', 'depth', 'width', 'resolution', 'MACs', 'accuracy ± s.e.', 'median', 'quartiles', 'fastest'];

function milliseconds(value: number): string {
  return value.toPrecision(4);
}

/** One line a network: what it costs, and what it took. */
export function renderLatencies(measured: readonly MeasuredNetwork[]): string {
  const rows = measured.map(({ architecture, row, latency }) => [
    row?.rank == null ? '' : String(row.rank),
    formatCoefficient(architecture.multipliers.depth),
    formatCoefficient(architecture.multipliers.width),
    formatResolution(architecture.resolution),
    formatCount(summarizeNetwork(architecture).totals.macs),
    row?.validationAccuracy == null ? '' : formatEstimate(row.validationAccuracy),
    `${milliseconds(latency.median)} ms`,
    `${milliseconds(latency.lowerQuartile)} to ${milliseconds(latency.upperQuartile)} ms`,
    `${milliseconds(latency.minimum)} ms`,
  ]);
  const table = renderTable(
    titles.map((title) => ({ title, align: 'right' })),
    rows,
  );
  return [table, ...measured.slice(0, 1).map(legend)].join('\n');
}

function legend({ latency: { runs, warmUp, platform, tensorflow } }: MeasuredNetwork): string {
  return (
    `One image on one core of ${platform}, TensorFlow ${tensorflow}: ${runs} runs after ${warmUp} others. ` +
    'Other machines, and other work on this one, give other figures.'
  );
}
