import type { Engine, WorkerDescription, WorkerView } from '@compound-search/contracts';

/** The workers that there are. What they train is told by the attempts, and stored nowhere else. */
export interface WorkerStore {
  /**
   * Tells that a worker is there, as it is now; the first time adds it. One that is not heard of for
   * 45 seconds is shown as lost.
   * @returns what others want of it.
   */
  reportWorker(report: WorkerReport): Promise<{ readonly draining: boolean }>;
  /** A worker has ended. */
  removeWorker(id: string): Promise<void>;
  /** In the order in which they started, with the trials that they hold. */
  listWorkers(): Promise<WorkerView[]>;
  /**
   * Says whether a worker is to take no trials. No claim that begins after this is granted to one that drains.
   * @returns the worker as it is now; null where there is none.
   */
  drainWorker(id: string, draining: boolean): Promise<WorkerView | null>;
  /**
   * The name of a migration that a newer version has applied and that this version cannot work with; null where there is
   * none. Claims are refused where there is one.
   */
  findBreakingMigration(): Promise<string | null>;
  /** Forgets the workers that were lost a day ago. */
  forgetLostWorkers(): Promise<void>;
}

export interface WorkerReport extends WorkerDescription {
  /** Since it started. */
  readonly upSeconds: number;
  /** Of the training that it has started last. */
  readonly engine: Engine | null;
  /** Why it takes no trials. */
  readonly unfit: string | null;
}
