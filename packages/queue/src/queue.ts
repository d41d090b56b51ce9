import type { TrialJob } from '@compound-search/contracts';

export interface TrialQueueOptions {
  readonly redisUrl: string;
  /** Keeps several services on one Redis apart. @defaultValue `compound-search` */
  readonly prefix?: string;
}

/** The sending side. Every method answers within two seconds, with `DEPENDENCY_UNAVAILABLE` where Redis does not. */
export interface TrialQueue {
  /**
   * Adds a hint for each of the trials. A worker that takes a hint runs the trial whose turn it is, so that every hint
   * serves for every trial; one too many is harmless.
   */
  add(trials: readonly TrialJob[]): Promise<void>;
  counts(): Promise<QueueCounts>;
  ping(): Promise<void>;
  /** Sentences about settings of the server that can lose jobs; empty when all is well. */
  warnings(): Promise<string[]>;
  close(): Promise<void>;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
}

export interface TrialWorkerOptions {
  readonly redisUrl: string;
  /** @defaultValue `compound-search` */
  readonly prefix?: string;
  /** Jobs that are processed at the same time. */
  readonly concurrency: number;
  /** Handles one job; must not reject for a trial that failed, which is the store's matter. */
  readonly process: (job: TrialJob, signal: AbortSignal) => Promise<void>;
  /** Called with faults of the connection, which are outlived by reconnecting. */
  readonly onError: (error: Error) => void;
}

/** The receiving side. It waits for Redis as long as it takes. */
export interface TrialWorker {
  /** Leaves jobs to other workers until it is resumed; those under way go on. One that is on its way may still come. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Takes no more jobs, aborts the signals of those under way and resolves when they have ended. */
  close(): Promise<void>;
}
