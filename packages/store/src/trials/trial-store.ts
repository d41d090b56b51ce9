import type {
  Engine,
  TrialDetail,
  TrialFailure,
  TrialJob,
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
  /** With the learning curve of the current attempt. */
  getTrial(trialId: string): Promise<TrialDetail | null>;
  /** Queued trials in the order of the queue, to add again what the queue lost. */
  queuedTrials(page: PageRequest): Promise<Page<TrialJob>>;
  countQueued(): Promise<number>;
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
