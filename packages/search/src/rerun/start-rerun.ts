import { CompoundSearchError, type TrialState } from '@compound-search/contracts';
import type { TrialQueue } from '@compound-search/queue';
import type { RerunStore } from '@compound-search/store';

import type { Log } from '../log.ts';
import { enqueueTrials } from '../start/enqueue-trials.ts';

/** What repeating a trial needs of its surroundings. */
export interface RerunStart {
  readonly store: Pick<RerunStore, 'createRerun'>;
  readonly queue: Pick<TrialQueue, 'add' | 'ping'>;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * Stores and queues a rerun of a completed trial.
 *
 * @returns the identifier of the rerun.
 * @throws CompoundSearchError TRIAL_NOT_COMPLETED, DEPENDENCY_UNAVAILABLE.
 */
export async function startRerun(
  { store, queue, log }: RerunStart,
  trial: { readonly id: string; readonly state: TrialState },
): Promise<string> {
  await queue.ping();
  const job = await store.createRerun(trial.id);
  if (job === null) throw notCompleted(trial.id, trial.state);
  await enqueueTrials(queue, [job], log);
  return job.trialId;
}

function notCompleted(id: string, state: TrialState): CompoundSearchError {
  return new CompoundSearchError('TRIAL_NOT_COMPLETED', `Trial ${id} is ${state}, so there is no result to repeat`, {
    field: 'state',
    value: state,
    remedy: 'Rerun a trial that has completed.',
  });
}
