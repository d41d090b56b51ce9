import { fileURLToPath } from 'node:url';
import { MessageChannel } from 'node:worker_threads';

import { CompoundSearchError } from '@compound-search/contracts';
import { Piscina } from 'piscina';

import type { DatasetFindings } from '../findings.ts';
import { checkDataset, type DatasetAccess, hasFiles } from '../registry.ts';
import type { CheckOutcome, CheckProgress, CheckTask, DatasetFault } from './check-thread.ts';

/** Where data sets lie, and how long to wait for one. */
export interface DatasetCheckerOptions extends Pick<DatasetAccess, 'dataRoot' | 'cacheFolder'> {
  /** For how long a call waits before it says how far the reading is. @defaultValue 5000 */
  readonly patienceMilliseconds?: number | undefined;
}

/** Reads data sets in full, in a thread of its own, so that the caller's thread stays free. */
export interface DatasetChecker {
  /**
   * Resolves once all of a data set was read and found whole, with what reading it showed. What was decoded for it is in
   * the cache. Calls for the same data set share one reading, which goes on when nobody waits for it.
   *
   * @throws CompoundSearchError UNKNOWN_DATASET or DATASET_INVALID as loadDataset; DATASET_NOT_READY with the progress
   * where the reading takes longer than the patience: call again to go on waiting.
   */
  requireWhole(dataset: string): Promise<DatasetFindings>;
  /** Ends what is being read; calls that wait for it throw DATASET_NOT_READY. */
  close(): Promise<void>;
}

type Outcome = CheckOutcome | { readonly error: unknown };

/** A reading under way, or one whose outcome nobody has taken yet. */
interface Reading {
  readonly outcome: Promise<Outcome>;
  progress: CheckProgress | undefined;
}

/** An outcome is kept for a caller that asks again, but not for one that has mended the files meanwhile. */
const keptMilliseconds = 30_000;
/** A thread takes a third of a second to start, and holds the images of its last data set in memory. */
const idleMilliseconds = 10_000;

class ThreadedChecker implements DatasetChecker {
  readonly #options: DatasetCheckerOptions;
  readonly #readings = new Map<string, Reading>();
  readonly #closing = new AbortController();
  /** One thread: a data set may fill much of the memory, and decoding keeps all cores busy as it is. */
  readonly #pool = new Piscina<CheckTask, CheckOutcome>({
    filename: fileURLToPath(new URL('./check-thread.ts', import.meta.url)),
    execArgv: ['--import', import.meta.resolve('tsx')],
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: idleMilliseconds,
  });

  constructor(options: DatasetCheckerOptions) {
    this.#options = options;
  }

  async requireWhole(dataset: string): Promise<DatasetFindings> {
    if (!hasFiles(dataset)) return checkDataset(dataset);
    const reading = this.#readings.get(dataset) ?? this.#start(dataset);
    const outcome = await this.#patiently(reading.outcome);
    if (outcome === undefined) throw notReady(dataset, reading.progress);
    this.#forget(dataset, reading);
    if ('error' in outcome) throw outcome.error;
    if ('fault' in outcome) throw asError(outcome.fault);
    return outcome.findings;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#pool.destroy();
  }

  #start(dataset: string): Reading {
    const { dataRoot, cacheFolder } = this.#options;
    const { port1: ours, port2: theirs } = new MessageChannel();
    const task: CheckTask = { dataset, dataRoot, cacheFolder, port: theirs };
    const run = this.#pool.run(task, { transferList: [theirs] });
    const reading: Reading = {
      outcome: run.catch((error: unknown) => ({ error })),
      progress: undefined,
    };
    ours.on('message', (progress: CheckProgress) => {
      reading.progress = progress;
    });
    ours.unref();
    this.#readings.set(dataset, reading);
    void reading.outcome.then(() => {
      ours.close();
      setTimeout(() => this.#forget(dataset, reading), keptMilliseconds).unref();
    });
    return reading;
  }

  #forget(dataset: string, reading: Reading): void {
    if (this.#readings.get(dataset) === reading) this.#readings.delete(dataset);
  }

  /** The outcome, or undefined once the patience has run out or this checker closes. */
  #patiently(outcome: Promise<Outcome>): Promise<Outcome | undefined> {
    const { promise, resolve } = promiseWithResolver();
    const giveUp = (): void => resolve(undefined);
    const timer = setTimeout(giveUp, this.#options.patienceMilliseconds ?? 5000);
    const { signal } = this.#closing;
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp);
    void outcome.then(resolve);
    return promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
    });
  }
}

function promiseWithResolver() {
  let resolve: (outcome: Outcome | undefined) => void = () => undefined;
  const promise = new Promise<Outcome | undefined>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function notReady(dataset: string, progress: CheckProgress | undefined): CompoundSearchError {
  const count = (images: number): string => images.toLocaleString('en-US');
  const message =
    progress === undefined
      ? `The data set ${dataset} is being read.`
      : `The images of ${dataset} are being decoded: ${count(progress.done)} of ${count(progress.total)}.`;
  return new CompoundSearchError('DATASET_NOT_READY', message, {
    field: 'dataset',
    value: dataset,
    remedy: 'Send the same request again: it goes on waiting, and what is decoded is kept.',
  });
}

function asError({ code, message, field, value, remedy }: DatasetFault): CompoundSearchError {
  return new CompoundSearchError(code, message, {
    ...(field === undefined ? {} : { field }),
    value,
    ...(remedy === undefined ? {} : { remedy }),
  });
}

/** Creates a checker; its thread starts with the first data set in files. */
export function createDatasetChecker(options: DatasetCheckerOptions = {}): DatasetChecker {
  return new ThreadedChecker(options);
}
