import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { type ContestLength, holdContest, type Result } from '../engines/contest.ts';
import { type Contestant, graphContestant } from '../engines/contestants.ts';
import { writeJob } from '../engines/job.ts';
import { geometricMean, median } from '../engines/statistics.ts';
import { prepareJob, type Workload } from '../engines/workload.ts';
import { formatTable } from './table.ts';

/** The graph under other environment variables, against itself. */
export interface SettingsRequest {
  readonly workloads: readonly Workload[];
  readonly batchSizes: readonly number[];
  /** Each `NAME=VALUE`, or several with semicolons between them. */
  readonly settings: readonly string[];
  /** Processes of one thread each. */
  readonly processes: number;
  readonly length: ContestLength;
  readonly log: (line: string) => void;
}

/** One setting on one network at one batch size; ratios are medians over rounds, above 1 where the setting is faster. */
interface SettingRow {
  readonly setting: string;
  readonly network: string;
  readonly batchSize: number;
  readonly imagesPerSecondRatio: number;
  readonly imagesPerProcessorSecondRatio: number;
  /** Whether the first losses are the same to the bit. */
  readonly sameBits: boolean;
}

/** Lets the graph train under each setting in turn with the graph as it is. */
export async function compareSettings(request: SettingsRequest): Promise<SettingRow[]> {
  const rows: SettingRow[] = [];
  for (const workload of request.workloads) {
    for (const batchSize of request.batchSizes) rows.push(...(await compareOn(workload, batchSize, request)));
  }
  return rows;
}

async function compareOn(workload: Workload, batchSize: number, request: SettingsRequest): Promise<SettingRow[]> {
  const { settings, processes, length, log } = request;
  log(`${workload.name}, batch ${batchSize}`);
  const directory = await mkdtemp(path.join(os.tmpdir(), 'compound-search-bench-'));
  try {
    const warmup = { warmupSteps: 15, warmupSeconds: length.turnSeconds };
    const { job, arrays } = await prepareJob(workload, { batchSize, ...warmup });
    await writeJob(directory, job, arrays);
    const entries = [graphContestant, ...settings.map(under)].map((contestant) => ({
      contestant,
      layout: { processes, threads: 1 },
      job,
      directory,
    }));
    const [plain, ...others] = await holdContest(entries, length, log);
    if (plain === undefined) return [];
    const rows = others.map((result) => ({
      setting: result.contestant.name,
      network: workload.name,
      batchSize,
      imagesPerSecondRatio: ratio(result.imagesPerSecond, plain.imagesPerSecond),
      imagesPerProcessorSecondRatio: ratio(result.imagesPerProcessorSecond, plain.imagesPerProcessorSecond),
      sameBits: firstLosses(result) === firstLosses(plain),
    }));
    for (const row of rows) log([row.setting, ...cellsOf(row)].join('  '));
    return rows;
  } finally {
    await rm(directory, { recursive: true });
  }
}

function under(setting: string): Contestant {
  const variables = setting.split(';').map((assignment) => {
    const equals = assignment.indexOf('=');
    if (equals < 1) throw new Error(`--setting takes NAME=VALUE, not ${assignment}`);
    return [assignment.slice(0, equals), assignment.slice(equals + 1)] as const;
  });
  const changed: NodeJS.ProcessEnv = Object.fromEntries(variables);
  const launch: Contestant['launch'] = (directory, threads) => {
    const plain = graphContestant.launch(directory, threads);
    return { ...plain, environment: { ...plain.environment, ...changed } };
  };
  return { ...graphContestant, name: setting, launch };
}

function ratio(own: readonly number[], plain: readonly number[]): number {
  return median(own.map((speed, round) => speed / (plain[round] ?? NaN)));
}

/** Those of the steps that every entry has, however long it warmed up. */
function firstLosses({ losses, job }: Result): string {
  return losses.slice(0, job.agreementSteps + 2).join();
}

/** The rows, and the geometric mean of each setting, as lines of text. */
export function formatSettings(rows: readonly SettingRow[]): string[] {
  const settings = [...new Set(rows.map(({ setting }) => setting))];
  return settings.flatMap((setting) => {
    const own = rows.filter((row) => row.setting === setting);
    const perProcessorSecond = own.map(({ imagesPerProcessorSecondRatio }) => imagesPerProcessorSecondRatio);
    return [
      setting,
      ...formatTable(
        [['network', 'batch', 'images/s ratio', 'images/core-second ratio', 'bits'], ...own.map(cellsOf)],
        1,
      ),
      `geometric mean per core-second ${geometricMean(perProcessorSecond).toFixed(3)}`,
      '',
    ];
  });
}

function cellsOf(row: SettingRow): string[] {
  return [
    row.network,
    String(row.batchSize),
    row.imagesPerSecondRatio.toFixed(3),
    row.imagesPerProcessorSecondRatio.toFixed(3),
    row.sameBits ? 'same' : 'others',
  ];
}
