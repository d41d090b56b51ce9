import type {
  Engine,
  QueuedTrial,
  TrialDetail,
  TrialFailure,
  TrialResult,
  TrialState,
  TrialView,
} from '@compound-search/contracts';

import type { Page, PageRequest } from '../database/pages.ts';

/** Trials as people see them, and what the queue should hold. */
export interface TrialStore {
  /** In the order of the queue, without learning curves; null when there is no such search. */
  listTrials(
    searchId: string,
    page: PageRequest & { readonly state?: TrialState | undefined },
  ): Promise<Page<TrialView> | null>;
  /** With the learning curve of the current attempt, and of earlier ones up to where the trial has paused. */
  getTrial(trialId: string): Promise<TrialDetail | null>;
  /**
   * The next queued trials of each purpose, in the order of the queue, that have not been given to it for some seconds;
   * each counts as given from here on. Those behind them follow when these have been run: what the queue may have lost
   * is looked through a bounded piece at a time, and by one service only.
   */
  trialsToEnqueue(input: { readonly unseenSeconds: number; readonly limit: number }): Promise<QueuedTrial[]>;
}

/** A trial as ranking sees it. */
export interface TrialOutcome {
  readonly trialId: string;
  readonly seed: number;
  readonly state: TrialState;
  readonly engine: Engine | null;
  readonly result: TrialResult | null;
  readonly failure: TrialFailure | null;
}
