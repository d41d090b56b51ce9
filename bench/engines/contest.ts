import type { Contestant } from './contestants.ts';
import { EngineProcess } from './engine-process.ts';
import type { Ready } from './protocol.ts';

/** How the machine's cores are divided. */
export interface Layout {
  readonly processes: number;
  readonly threads: number;
}

/** The two ways to use all cores: one process of one thread per core, and one process on all of them. */
export function layoutsOf(cores: number): Layout[] {
  const one = { processes: 1, threads: cores };
  return cores === 1 ? [one] : [{ processes: cores, threads: 1 }, one];
}

/** A contestant in one layout, with its processes. */
interface Entry {
  readonly contestant: Contestant;
  readonly layout: Layout;
  readonly processes: readonly EngineProcess[];
}

/** What one contestant did in one layout. */
export interface Result {
  readonly contestant: Contestant;
  readonly layout: Layout;
  readonly ready: Ready;
  /** All losses of its first process, in the order of the steps. */
  readonly losses: readonly number[];
  /** By round: images over the seconds until the last process is done. */
  readonly imagesPerSecond: readonly number[];
  /** By round: images over the processor time that they took, which the machine's other work hardly changes. */
  readonly imagesPerProcessorSecond: readonly number[];
}

/** What a contest is held on. */
export interface ContestOptions {
  readonly contestants: readonly Contestant[];
  readonly layouts: readonly Layout[];
  /** Folder of the job. */
  readonly directory: string;
  readonly batchSize: number;
  readonly rounds: number;
  /** Steps of every process in every round. */
  readonly steps: number;
  readonly log: (line: string) => void;
}

/**
 * Lets every contestant train in every layout, in turn and several times round, so that whatever else the machine does
 * meets them all alike. Their processes stay between the rounds and sleep while others run.
 */
export async function holdContest(options: ContestOptions): Promise<Result[]> {
  const entries: Entry[] = [];
  try {
    for (const layout of options.layouts) {
      for (const contestant of options.contestants) entries.push(await enter(contestant, layout, options));
    }
    const results = entries.map(({ contestant, layout, processes }) => ({
      contestant,
      layout,
      ready: first(processes).ready,
      losses: [...first(processes).ready.losses],
      imagesPerSecond: [] as number[],
      imagesPerProcessorSecond: [] as number[],
    }));
    for (let round = 0; round < options.rounds; round += 1) {
      options.log(`Round ${round + 1} of ${options.rounds}`);
      for (const [index, { processes }] of entries.entries()) {
        const ran = await Promise.all(processes.map((process) => process.train(options.steps)));
        const images = processes.length * options.steps * options.batchSize;
        const result = results[index];
        result?.losses.push(...first(ran).losses);
        result?.imagesPerSecond.push(images / Math.max(...ran.map(({ seconds }) => seconds)));
        result?.imagesPerProcessorSecond.push(
          images / ran.reduce((sum, { processorSeconds }) => sum + processorSeconds, 0),
        );
      }
    }
    return results;
  } finally {
    await Promise.all(entries.flatMap(({ processes }) => processes.map((process) => process.close())));
  }
}

async function enter(contestant: Contestant, layout: Layout, { directory, log }: ContestOptions): Promise<Entry> {
  log(`Starting ${contestant.name}, ${describeLayout(layout)}`);
  const started = await Promise.allSettled(
    Array.from({ length: layout.processes }, () => EngineProcess.start(contestant.launch(directory, layout.threads))),
  );
  const processes = started.flatMap((process) => (process.status === 'fulfilled' ? [process.value] : []));
  const failure = started.find((process) => process.status === 'rejected');
  if (failure === undefined) return { contestant, layout, processes };
  await Promise.all(processes.map((process) => process.close()));
  throw new Error(`${contestant.name} cannot run`, { cause: failure.reason });
}

export function describeLayout({ processes, threads }: Layout): string {
  return `${processes} process${processes === 1 ? '' : 'es'} of ${threads} thread${threads === 1 ? '' : 's'}`;
}

function first<T>(values: readonly T[]): T {
  const [value] = values;
  if (value === undefined) throw new Error('There is no process');
  return value;
}
