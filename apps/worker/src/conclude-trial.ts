import type { AttemptWords, TrialFailure, TrialJob, TrialResult } from '@compound-search/contracts';
import type { Attempt, AttemptStore, FailedAttempt } from '@compound-search/store';
import type { TrainingEnd } from '@compound-search/training';
import type { Logger } from 'pino';

import type { Lease } from './lease.ts';
import { isUnavailable, retryWhileUnavailable } from './retry-while-unavailable.ts';
import type { TrialRecord } from './trial-record.ts';

/** Whether the store has said that the trial has ended for good. Else another attempt may need what this one leaves. */
export type Conclusion = 'ended' | 'open';

export interface ConcludeOptions {
  readonly store: Pick<AttemptStore, 'renewLease' | 'completeTrial' | 'pauseTrial' | 'failTrial' | 'releaseTrial'>;
  readonly enqueue: (trials: readonly TrialJob[]) => Promise<void>;
  readonly logger: Logger;
  readonly attempt: Attempt;
  /** What the training has said, for the log of the trial. */
  readonly words: AttemptWords;
  readonly leaseSeconds: number;
  /** Aborted when the worker shuts down. */
  readonly signal: AbortSignal;
  /** Is told why no trial can be trained here, before the one that showed it goes to another worker. */
  readonly declareUnfit?: ((reason: string) => Promise<void>) | undefined;
}

/** An attempt whose training has ended. */
export interface TrainedAttempt {
  readonly end: TrainingEnd;
  readonly record: TrialRecord;
  readonly lease: Lease;
}

/** Stores how the training ended, or learns what the store knows better. */
export async function concludeTrial(options: ConcludeOptions, trained: TrainedAttempt): Promise<Conclusion> {
  const { record, lease } = trained;
  let held: boolean;
  try {
    held = await record.written();
  } catch (error) {
    // Half a record is no result.
    return isUnavailable(error) ? release(options) : giveBack(options, error);
  }
  if (record.takenOverFrom !== undefined) return takenOver(options, record.takenOverFrom);
  if (lease.over === 'lost' || lease.over === 'cancelled') return takenAway(options, lease.over);
  return held ? storeEnd(options, trained) : askWhy(options);
}

async function storeEnd(options: ConcludeOptions, { end, lease }: TrainedAttempt): Promise<Conclusion> {
  if (end.type === 'completed') return complete(options, end.result);
  if (end.type === 'paused') return pause(options, end.epoch);
  const failure = end.type === 'failed' ? end.failure : cancelledFailure;
  if (options.declareUnfit !== undefined && failure.code === 'TENSORFLOW_UNAVAILABLE') {
    // Every other trial would fail here too, one after the other, until none is left.
    await options.declareUnfit(failure.message);
    return release(options);
  }
  const isStopped = options.signal.aborted || lease.over === 'expired';
  return isStopped && isInterruption(failure) ? release(options) : fail(options, failure);
}

/** What a training says that was stopped, and not for a fault of its own. */
function isInterruption({ code }: TrialFailure): boolean {
  return code === 'TRIAL_CANCELLED' || code === 'TRIAL_LOST';
}

const cancelledFailure: TrialFailure = {
  code: 'TRIAL_CANCELLED',
  message: 'The training stopped without having been asked to.',
  step: null,
};

function takenOver({ logger }: ConcludeOptions, from: string): Conclusion {
  logger.info({ from }, 'the trial has taken over the end of an equal one');
  return 'ended';
}

function takenAway({ logger }: ConcludeOptions, reason: 'lost' | 'cancelled'): Conclusion {
  logger.info({ lease: reason }, 'the trial was taken away; its training has been stopped');
  return reason === 'cancelled' ? 'ended' : 'open';
}

/** Whether the trial was cancelled or went to another, where a refused write has told only that it is over here. */
async function askWhy(options: ConcludeOptions): Promise<Conclusion> {
  const { store, attempt, leaseSeconds, signal } = options;
  const state = await retryWhileUnavailable(() => store.renewLease({ ...attempt, leaseSeconds, step: 0 }), signal);
  return takenAway(options, state === 'cancelled' ? 'cancelled' : 'lost');
}

async function complete(options: ConcludeOptions, result: TrialResult): Promise<Conclusion> {
  const { store, logger, attempt, words, signal } = options;
  let stored: boolean;
  try {
    stored = await retryWhileUnavailable(() => store.completeTrial({ ...attempt, result, words }), signal);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return giveBack(options, error);
  }
  if (!stored) return askWhy(options);
  logger.info({ result }, 'the trial has completed');
  return 'ended';
}

/** What it has left stays for the case that a decision promotes the trial. */
async function pause(options: ConcludeOptions, epoch: number): Promise<Conclusion> {
  const { store, logger, attempt, words, signal } = options;
  const stored = await retryWhileUnavailable(() => store.pauseTrial({ ...attempt, words }), signal);
  if (!stored) return askWhy(options);
  logger.info({ epoch }, 'the trial pauses');
  return 'open';
}

/**
 * A fault of the store is none of the trial, which is therefore lost and not failed. Losses are counted, so that a
 * trial that the store never takes ends all the same.
 */
function giveBack(options: ConcludeOptions, error: unknown): Promise<Conclusion> {
  options.logger.error({ err: error }, 'the store did not take what the training reported');
  const message = `The store did not take what the training reported: ${error instanceof Error ? error.message : String(error)}`;
  return fail(options, { code: 'TRIAL_LOST', message, step: null });
}

async function fail(options: ConcludeOptions, failure: TrialFailure): Promise<Conclusion> {
  const { store, logger, attempt, words, signal } = options;
  const ended = { ...attempt, failure, words };
  const failed: FailedAttempt = await retryWhileUnavailable(() => store.failTrial(ended), signal);
  if (failed.state === 'lost') return askWhy(options);
  if (failed.state === 'failed') {
    logger.warn({ failure }, 'the trial has failed');
    return 'ended';
  }
  logger.warn({ failure }, 'the trial is run again');
  await enqueueNext(options, failed.job);
  return 'open';
}

async function release(options: ConcludeOptions): Promise<Conclusion> {
  const { store, logger, attempt, words, signal } = options;
  const next = await retryWhileUnavailable(() => store.releaseTrial({ ...attempt, words }), signal);
  if (next === null) return askWhy(options);
  logger.info('the training was interrupted; the trial goes back to the queue');
  await enqueueNext(options, next);
  return 'open';
}

async function enqueueNext({ enqueue, logger }: ConcludeOptions, job: TrialJob): Promise<void> {
  try {
    await enqueue([job]);
  } catch (error) {
    logger.warn({ err: error }, 'the queue does not answer; the trial is added to it later');
  }
}
