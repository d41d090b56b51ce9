import {
  type Curve,
  curveSchema,
  endedTrialStates,
  pageOf,
  type TrialComparison,
  trialComparisonSchema,
  type TrialDetail,
  trialDetailSchema,
  type TrialLog,
  trialLogSchema,
  type TrialState,
  type TrialView,
  trialViewSchema,
} from '@compound-search/contracts';

import type { Page, PageOptions } from './pages.ts';
import { creating, onceEach, repeatablePost, send, type Transport } from './transport.ts';
import { type WaitOptions, waitUntilEnded } from './wait-until-ended.ts';

/** Which learning curves of a search. */
export interface CurveOptions extends PageOptions {
  /** Of each curve, at most: 3 to 1000. @defaultValue 50 */
  readonly points?: number;
  /** Of a candidate's network. */
  readonly fingerprint?: string;
  readonly seed?: number;
  readonly state?: TrialState;
}

/** The part of the client that is about the trials of a search, and about single ones. */
export interface TrialMethods {
  trials(searchId: string, options?: PageOptions & { readonly state?: TrialState }): Promise<Page<TrialView>>;
  /** The learning curves of its trials as columns, each downsampled to so many points. */
  curves(searchId: string, options?: CurveOptions): Promise<Page<Curve>>;
  /** A trial with its learning curve. */
  trial(trialId: string): Promise<TrialDetail>;
  /** Each attempt at a trial, the last hundred: who trained it where, how it ended, and what it said last. */
  trialLog(trialId: string): Promise<TrialLog>;
  /** Repeats a completed trial from its record; ApiError TRIAL_NOT_COMPLETED where it has no result. */
  rerun(trialId: string): Promise<TrialDetail>;
  /** A rerun held against the trial that it repeats. */
  comparison(rerunId: string): Promise<TrialComparison>;
  /** Cancels a rerun or the training of a model; one that has ended stays as it is. */
  cancelTrial(trialId: string): Promise<TrialDetail>;
  /** Waits until a trial has ended, also across a restart of the service, and returns its last state. */
  waitForTrial(trialId: string, options?: WaitOptions<TrialDetail>): Promise<TrialDetail>;
}

export function trialMethods(transport: Transport): TrialMethods {
  const ofSearch = (id: string, part: string): string => `v1/searches/${encodeURIComponent(id)}/${part}`;
  const path = (id: string): string => `v1/trials/${encodeURIComponent(id)}`;
  const trial = (id: string, by = transport, signal?: AbortSignal): Promise<TrialDetail> =>
    send(by, { method: 'GET', path: path(id), signal }, trialDetailSchema);
  return {
    trials: (id, query = {}) =>
      send(transport, { method: 'GET', path: ofSearch(id, 'trials'), query: { ...query } }, pageOf(trialViewSchema)),
    curves: (id, query = {}) =>
      send(transport, { method: 'GET', path: ofSearch(id, 'curves'), query: { ...query } }, pageOf(curveSchema)),
    trial: (id) => trial(id),
    trialLog: (id) => send(transport, { method: 'GET', path: `${path(id)}/log` }, trialLogSchema),
    rerun: (id) => send(transport, { ...creating(), path: `${path(id)}/reruns` }, trialDetailSchema),
    comparison: (id) => send(transport, { method: 'GET', path: `${path(id)}/comparison` }, trialComparisonSchema),
    cancelTrial: (id) => send(transport, { ...repeatablePost, path: `${path(id)}/cancel` }, trialDetailSchema),
    waitForTrial: (id, waiting) =>
      waitUntilEnded((signal) => trial(id, onceEach(transport), signal), endedTrialStates, waiting),
  };
}
