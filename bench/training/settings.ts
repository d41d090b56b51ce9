import { type ContestLength, holdContest, type Result } from '../engines/contest.ts';
import { type Contestant, graphContestant } from '../engines/contestants.ts';
import { geometricMean, median, ratios } from '../engines/statistics.ts';
import { type ChosenJob, type ChosenJobs, onEachJob } from './each-job.ts';
import { formatTable } from './table.ts';

/** The graph under other environment variables, against itself. */
export interface SettingsRequest extends ChosenJobs {
  /** Each `NAME=VALUE`, or several with semicolons between them. */
  readonly settings: readonly string[];
  /** Processes of one thread each. */
  readonly processes: number;
  readonly length: ContestLength;
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
  const rows = await onEachJob(request, request.length.turnSeconds, (chosen) => compareOn(chosen, request));
  return rows.flat();
}

async function compareOn(
  { workload, batchSize, job, directory }: ChosenJob,
  { settings, processes, length, log }: SettingsRequest,
): Promise<SettingRow[]> {
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
    imagesPerSecondRatio: median(ratios(result.imagesPerSecond, plain.imagesPerSecond)),
    imagesPerProcessorSecondRatio: median(ratios(result.imagesPerProcessorSecond, plain.imagesPerProcessorSecond)),
    sameBits: firstLosses(result) === firstLosses(plain),
  }));
  for (const row of rows) log([row.setting, ...cellsOf(row)].join('  '));
  return rows;
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
