import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { networkCost } from '@compound-search/networks';

import { type ContestLength, type Entry, holdContest } from '../engines/contest.ts';
import { graphContestant } from '../engines/contestants.ts';
import { writeJob } from '../engines/job.ts';
import { median, ratios } from '../engines/statistics.ts';
import { prepareJob } from '../engines/workload.ts';
import { formatTable, thousands } from './table.ts';

/** One thing changed from the reference: efficientnet-micro on 32 x 32 colours, batch 32, one slot. */
interface Variant {
  readonly changed: string;
  readonly slots: number;
  readonly batchSize: number;
  readonly width: number;
  readonly depth: number;
  /** Side of the images. */
  readonly side: number;
}

const reference: Variant = { changed: 'reference', slots: 1, batchSize: 32, width: 1, depth: 1, side: 32 };
/** Side of the baseline's own images. */
const baselineSide = 20;

const variants: readonly Variant[] = [
  reference,
  ...[2, 3].map((slots) => ({ ...reference, changed: `${slots} slots`, slots })),
  ...[8, 128].map((batchSize) => ({ ...reference, changed: `batch ${batchSize}`, batchSize })),
  ...[2, 3].map((width) => ({ ...reference, changed: `width x ${width}`, width })),
  ...[2, 4].map((depth) => ({ ...reference, changed: `depth x ${depth}`, depth })),
  ...[48, 64].map((side) => ({ ...reference, changed: `resolution ${side}`, side })),
];

/** How fast one variant is, and how that grows from the reference. */
interface GrowthRow {
  readonly variant: Variant;
  /** Multiply-adds of one image's forward pass. */
  readonly macs: number;
  readonly imagesPerSecond: number;
  /** Multiply-adds of forward passes per second, over those of the reference: 1 where time grows as the MACs. */
  readonly macsPerSecondRatio: number;
}

/** The throughput of the graph against slots, batch, width, depth and resolution, all variants interleaved. */
export async function measureGrowth(length: ContestLength, log: (line: string) => void): Promise<GrowthRow[]> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'compound-search-bench-'));
  try {
    const entries: Entry[] = [];
    for (const [index, variant] of variants.entries()) {
      entries.push(await enter(variant, path.join(directory, String(index)), length));
    }
    const results = await holdContest(entries, length, log);
    const [first] = results;
    return results.map(({ job, imagesPerSecond }, index) => {
      const { macs } = networkCost(job.network);
      const byRound = ratios(imagesPerSecond, first?.imagesPerSecond ?? []);
      return {
        variant: variants[index] ?? reference,
        macs,
        imagesPerSecond: median(imagesPerSecond),
        macsPerSecondRatio: (median(byRound) * macs) / networkCost(first?.job.network ?? job.network).macs,
      };
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function enter(variant: Variant, directory: string, { turnSeconds }: ContestLength): Promise<Entry> {
  const { slots, batchSize, width, depth, side, changed } = variant;
  const multipliers = { depth, width, resolution: side / baselineSide };
  const { job, arrays } = await prepareJob(
    { name: changed, baseline: 'efficientnet-micro', multipliers, side, channels: 3, tolerances: [] },
    { batchSize, warmupSteps: 10, warmupSeconds: turnSeconds },
  );
  await mkdir(directory);
  await writeJob(directory, job, arrays);
  return { contestant: graphContestant, layout: { processes: slots, threads: 1 }, job, directory };
}

/** The rows as lines of text. */
export function formatGrowth(rows: readonly GrowthRow[]): string[] {
  const [first] = rows;
  return formatTable(
    [
      ['variant', 'million MACs', 'images/s', 'images/s ratio', 'MACs/s ratio'],
      ...rows.map(({ variant, macs, imagesPerSecond, macsPerSecondRatio }) => [
        variant.changed,
        (macs / 1e6).toFixed(2),
        thousands(imagesPerSecond),
        (imagesPerSecond / (first?.imagesPerSecond ?? NaN)).toFixed(2),
        macsPerSecondRatio.toFixed(2),
      ]),
    ],
    1,
  );
}
