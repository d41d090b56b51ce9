import { CompoundSearchError, type TrialDetail, type TrialState } from '@compound-search/contracts';
import type { TrialQueue } from '@compound-search/queue';
import type { CreatedRerun, Creation, RerunStore } from '@compound-search/store';

import type { Log } from '../log.ts';
import { enqueueTrials } from '../start/enqueue-trials.ts';

/** What repeating a trial needs of its surroundings. */
export interface RerunStart {
  readonly store: Pick<RerunStore, 'createRerun'>;
  readonly queue: Pick<TrialQueue, 'add' | 'ping'>;
  /** Of a request with an Idempotency-Key. */
  readonly creation?: Creation | undefined;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * Stores and queues a rerun of a completed trial.
 *
 * @returns the rerun as it was stored.
 * @throws CompoundSearchError TRIAL_IMPORTED, TRIAL_NOT_COMPLETED, DEPENDENCY_UNAVAILABLE; AlreadyCreatedError where the
 * request has been carried out.
 */
export async function startRerun(
  { store, queue, creation, log }: RerunStart,
  trial: TrialDetail,
): Promise<TrialDetail> {
  if (trial.origin === 'imported') throw notTrainedHere(trial.id);
  await queue.ping();
  const created = await store.createRerun(trial.id, creation);
  if (created === null) throw notCompleted(trial.id, trial.state);
  await enqueueTrials(queue, [created.job], log);
  return toRerun(trial, created);
}

/** A rerun of a trial before its first step: of the same network and seed, and with no results yet. */
function toRerun({ id, searchId, candidateId, seed, multipliers }: TrialDetail, created: CreatedRerun): TrialDetail {
  const { job, createdAt } = created;
  return {
    id: job.trialId,
    searchId,
    candidateId,
    purpose: 'rerun',
    seed,
    state: 'queued',
    round: null,
    epochs: null,
    attempt: job.attempt,
    multipliers,
    rerunOf: id,
    takenOverFrom: null,
    origin: 'trained',
    step: 0,
    steps: null,
    engine: null,
    result: null,
    failure: null,
    createdAt,
    startedAt: null,
    endedAt: null,
    learningCurve: [],
  };
}

function notTrainedHere(id: string): CompoundSearchError {
  return new CompoundSearchError(
    'TRIAL_IMPORTED',
    `Trial ${id} was trained elsewhere, and its record does not say how`,
    {
      field: 'origin',
      value: 'imported',
      remedy: 'Rerun a trial that was trained here.',
    },
  );
}

function notCompleted(id: string, state: TrialState): CompoundSearchError {
  return new CompoundSearchError('TRIAL_NOT_COMPLETED', `Trial ${id} is ${state}, so there is no result to repeat`, {
    field: 'state',
    value: state,
    remedy: 'Rerun a trial that has completed.',
  });
}
