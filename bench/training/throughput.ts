import { networkCost } from '@compound-search/networks';

import { checkAgreement } from '../engines/check-agreement.ts';
import { type ContestLength, describeLayout, holdContest, layoutsOf } from '../engines/contest.ts';
import type { Contestant, Family } from '../engines/contestants.ts';
import { holdHeats } from '../engines/heats.ts';
import { cellsOf, type ContestReport, reportContest } from '../engines/report.ts';
import { geometricMean } from '../engines/statistics.ts';
import { type ChosenJob, type ChosenJobs, onEachJob } from './each-job.ts';
import { formatTable, thousands } from './table.ts';

/** What is compared, and for how long. */
export interface ThroughputRequest extends ChosenJobs {
  readonly contestants: readonly Contestant[];
  readonly cores: number;
  readonly length: ContestLength;
}

/** The contest on one network at one batch size. */
interface Comparison extends ContestReport {
  readonly network: string;
  readonly batchSize: number;
  readonly parameters: number;
  /** Multiply-adds of one image's forward pass. */
  readonly macs: number;
}

/** Over all networks and batch sizes. */
interface Summary {
  readonly over: Family;
  readonly geometricMean: number;
  readonly lowest: number;
  readonly perProcessorSecond: number;
}

export interface ThroughputReport {
  readonly comparisons: readonly Comparison[];
  readonly summaries: readonly Summary[];
}

/** Trains every network at every batch size with all engines: heats choose settings and layouts, a final compares. */
export async function measureThroughput(request: ThroughputRequest): Promise<ThroughputReport> {
  const comparisons = await onEachJob(request, request.length.turnSeconds, (chosen) => compare(chosen, request));
  return { comparisons, summaries: summarize(comparisons) };
}

async function compare(
  { workload, batchSize, job, directory }: ChosenJob,
  { contestants, cores, length, log }: ThroughputRequest,
): Promise<Comparison> {
  const layouts = layoutsOf(cores);
  const entries = contestants.flatMap((contestant) =>
    layouts.map((layout) => ({ contestant, layout, job, directory })),
  );
  const heats = await holdHeats(entries, length, log);
  checkAgreement(heats.results, workload.tolerances);
  const final = await holdContest(heats.finalists, length, log);
  checkAgreement(final, workload.tolerances);
  const { parameters, macs } = networkCost(job.network);
  const comparison = { network: workload.name, batchSize, parameters, macs, ...reportContest(heats, final) };
  for (const line of [...formatComparison(comparison), ratioCells(comparison).join('  ')]) log(line);
  return comparison;
}

function summarize(comparisons: readonly Comparison[]): Summary[] {
  const ratios = comparisons.flatMap((comparison) => comparison.ratios);
  return [...new Set(ratios.map(({ over }) => over))].map((over) => {
    const own = ratios.filter((ratio) => ratio.over === over);
    return {
      over,
      geometricMean: geometricMean(own.map((ratio) => ratio.median)),
      lowest: Math.min(...own.map((ratio) => ratio.median)),
      perProcessorSecond: geometricMean(own.map(({ perProcessorSecond }) => perProcessorSecond)),
    };
  });
}

/** The report as lines of text. */
export function formatThroughput({ comparisons, summaries }: ThroughputReport): string[] {
  return [
    ...comparisons.flatMap((comparison) => [...formatComparison(comparison), '']),
    ...formatTable(
      [
        ['network', 'batch', 'graph images/s', 'over eager TensorFlow.js', 'over PyTorch'],
        ...comparisons.map(ratioCells),
      ],
      1,
    ),
    '',
    ...summaries.map(
      ({ over, lowest, perProcessorSecond, ...summary }) =>
        `the graph over ${familyNames[over]}: geometric mean ${summary.geometricMean.toFixed(2)}, lowest ` +
        `${lowest.toFixed(2)}; per core-second ${perProcessorSecond.toFixed(2)}`,
    ),
  ];
}

function formatComparison({ network, batchSize, parameters, macs, rows, failures }: Comparison): string[] {
  return [
    `${network}, batch ${batchSize}: ${thousands(parameters)} parameters, ${(macs / 1e6).toFixed(2)} million MACs an image`,
    ...formatTable([['engine', 'layout', 'heat', 'images/s', 'images/core-second'], ...rows.map(cellsOf)], 2),
    ...failures.map(({ engine, layout, reason }) => `${engine}, ${describeLayout(layout)} FAILED: ${reason}`),
  ];
}

function ratioCells({ network, batchSize, rows, ratios }: Comparison): string[] {
  return [
    network,
    String(batchSize),
    thousands(bestSpeed(rows)),
    ratioCell(ratios, 'eager'),
    ratioCell(ratios, 'pytorch'),
  ];
}

function bestSpeed(rows: Comparison['rows']): number {
  return Math.max(...rows.filter(({ family }) => family === 'graph').map((row) => row.imagesPerSecond ?? 0));
}

function ratioCell(ratios: Comparison['ratios'], family: Family): string {
  const ratio = ratios.find(({ over }) => over === family);
  if (ratio === undefined) return '-';
  return `${ratio.median.toFixed(2)} (${ratio.lowest.toFixed(2)} to ${ratio.highest.toFixed(2)})`;
}

const familyNames: Readonly<Record<Family, string>> = {
  graph: 'the graph',
  eager: 'eager TensorFlow.js',
  pytorch: 'PyTorch',
};
