import type { TrialJob } from '@compound-search/contracts';

import { runNextTrial, type TrialRunner } from '../src/run-trial.ts';

/** Runs this trial, though it may be the turn of another one that the same test file has queued. */
export function runTrial(runner: TrialRunner, job: TrialJob, signal: AbortSignal): Promise<void> {
  const { store } = runner;
  const only: TrialRunner['store'] = { ...store, claimNextTrial: (claim) => store.claimTrial({ ...claim, ...job }) };
  return runNextTrial({ ...runner, store: only, restMilliseconds: 0 }, signal);
}
