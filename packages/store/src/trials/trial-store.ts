import type {
  Curve,
  Engine,
  TrialDetail,
  TrialFailure,
  TrialJob,
  TrialLog,
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
  /**
   * The learning curves of the trials that a search consists of, in the order of the queue, downsampled to so many points
   * each; null when there is no such search.
   */
  listCurves(searchId: string, request: CurveRequest): Promise<Page<Curve> | null>;
  /** With the learning curve of the current attempt, and of earlier ones up to where the trial has paused. */
  getTrial(trialId: string): Promise<TrialDetail | null>;
  /** The attempts at a trial, the last hundred. A table of its own has them: nothing else reads it. */
  getTrialLog(trialId: string): Promise<TrialLog | null>;
  /**
   * Queued trials of all searches, as many as the limit of those that have been queued for some seconds: so many hints the
   * queue should hold at least. They cost the same to name however many are queued.
   */
  trialsToEnqueue(input: { readonly queuedSeconds: number; readonly limit: number }): Promise<TrialJob[]>;
}

/** Which curves, and with how many points at most; at least 3. */
export interface CurveRequest extends PageRequest {
  readonly points: number;
  readonly fingerprint?: string | undefined;
  readonly seed?: number | undefined;
  readonly state?: TrialState | undefined;
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
