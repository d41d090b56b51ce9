import type { Contestant } from './contestants.ts';
import { EngineProcess } from './engine-process.ts';
import type { Job } from './job.ts';
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

/** A contestant in one layout on one job. */
export interface Entry {
  readonly contestant: Contestant;
  readonly layout: Layout;
  readonly job: Job;
  /** Folder of the job. */
  readonly directory: string;
}

/** What one entry did. */
export interface Result extends Entry {
  readonly ready: Ready;
  /** All losses of its first process, in the order of the steps. */
  readonly losses: readonly number[];
  /** By round: images over the seconds until the last process is done. */
  readonly imagesPerSecond: readonly number[];
  /** By round: images over the processor time that they took, which the machine's other work hardly changes. */
  readonly imagesPerProcessorSecond: readonly number[];
}

/** How long a contest is. */
export interface ContestLength {
  readonly rounds: number;
  /** Most steps of a process in one round. */
  readonly steps: number;
  /** Seconds that a round of one entry shall last at most; it has one step at least. */
  readonly turnSeconds: number;
}

/** An entry with its processes, and what they did so far. */
interface Running {
  readonly entry: Entry;
  readonly processes: readonly EngineProcess[];
  readonly losses: number[];
  readonly imagesPerSecond: number[];
  readonly imagesPerProcessorSecond: number[];
}

/**
 * Lets all entries train in turn and several times round, so that whatever else the machine does meets them all alike.
 * Their processes stay between the rounds and sleep while others run.
 */
export async function holdContest(
  entries: readonly Entry[],
  length: ContestLength,
  log: (line: string) => void,
): Promise<Result[]> {
  const running: Running[] = [];
  try {
    for (const entry of entries) {
      log(`Starting ${describeEntry(entry)}`);
      const processes = await start(entry);
      const losses = [...first(processes).ready.losses];
      running.push({ entry, processes, losses, imagesPerSecond: [], imagesPerProcessorSecond: [] });
    }
    for (let round = 0; round < length.rounds; round += 1) {
      if (length.rounds > 1) log(`Round ${round + 1} of ${length.rounds}`);
      // Another one begins each round: in one order the first was up to 3 % slower than its like.
      const first = round % running.length;
      for (const one of [...running.slice(first), ...running.slice(0, first)]) await takeTurn(one, length);
    }
    return running.map(({ entry, processes, ...figures }) => ({ ...entry, ready: first(processes).ready, ...figures }));
  } finally {
    await Promise.all(running.flatMap(({ processes }) => processes.map((process) => process.close())));
  }
}

async function takeTurn({ entry, processes, ...figures }: Running, length: ContestLength): Promise<void> {
  const secondsPerStep = Math.max(...processes.map(({ ready }) => ready.secondsPerStep));
  const steps = Math.max(1, Math.min(length.steps, Math.round(length.turnSeconds / secondsPerStep)));
  const ran = await Promise.all(processes.map((process) => process.train(steps)));
  const images = processes.length * steps * entry.job.recipe.batchSize;
  figures.losses.push(...first(ran).losses);
  figures.imagesPerSecond.push(images / Math.max(...ran.map(({ seconds }) => seconds)));
  figures.imagesPerProcessorSecond.push(images / ran.reduce((sum, { processorSeconds }) => sum + processorSeconds, 0));
}

async function start({ contestant, layout, directory }: Entry): Promise<EngineProcess[]> {
  const started = await Promise.allSettled(
    Array.from({ length: layout.processes }, () => EngineProcess.start(contestant.launch(directory, layout.threads))),
  );
  const processes = started.flatMap((process) => (process.status === 'fulfilled' ? [process.value] : []));
  const failure = started.find((process) => process.status === 'rejected');
  if (failure === undefined) return processes;
  await Promise.all(processes.map((process) => process.close()));
  throw new Error(`${contestant.name} cannot run: ${String(failure.reason)}`, { cause: failure.reason });
}

export function describeEntry({ contestant, layout }: Entry): string {
  return `${contestant.name}, ${describeLayout(layout)}`;
}

export function describeLayout({ processes, threads }: Layout): string {
  return `${processes} process${processes === 1 ? '' : 'es'} of ${threads} thread${threads === 1 ? '' : 's'}`;
}

function first<T>(values: readonly T[]): T {
  const [value] = values;
  if (value === undefined) throw new Error('There is no process');
  return value;
}
