import {
  CompoundSearchError,
  type TrainingEvent,
  type TrialFailure,
  type TrialJob,
  type TrialResult,
  type TrialSpecification,
} from '@compound-search/contracts';
import type { Attempt, LeaseState, LeaseStore } from '@compound-search/store';
import type { RunningTraining, TrainingEnd } from '@compound-search/training';
import type { Logger } from 'pino';

import { keepLease, LEASE_SECONDS, RENEWAL_SECONDS } from './lease.ts';
import { isUnavailable, withPatience } from './patience.ts';
import { createTrialRecord, type TrialRecord } from './trial-record.ts';

/** How long a training may take to stop between two steps before its process is ended. */
const CANCEL_SECONDS = 5;

export type StartTraining = (
  specification: TrialSpecification,
  options: { onEvent: (event: TrainingEvent) => void },
) => RunningTraining;

/** What running a trial needs of its surroundings. */
export interface TrialRunner {
  readonly store: LeaseStore;
  /** Puts jobs on the queue. A failure only delays them: whatever the queue lacks is added from the store. */
  readonly enqueue: (jobs: readonly TrialJob[]) => Promise<void>;
  readonly startTraining: StartTraining;
  /** Removes what a trial that has ended left for its next attempt. */
  readonly discardCheckpoints: (trialId: string) => Promise<void>;
  readonly logger: Logger;
  readonly workerId: string;
  /** @defaultValue 15 */
  readonly leaseSeconds?: number;
  /** @defaultValue 3 */
  readonly renewalSeconds?: number;
  /** @defaultValue 5 */
  readonly cancelSeconds?: number;
}

/**
 * Runs one trial from the claim to its end in the store. A job whose trial another has claimed, or that is out of date,
 * is left alone.
 * @param signal - aborted when the worker shuts down: the training stops and the trial goes back to the queue.
 */
export async function runTrial(runner: TrialRunner, job: TrialJob, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { store, workerId, leaseSeconds = LEASE_SECONDS } = runner;
  const claimed = await store.claimTrial({ ...job, workerId, leaseSeconds });
  if (claimed === null) {
    runner.logger.debug(job, 'the trial is not to be run any more');
    return;
  }
  const { specification, token } = claimed;
  const logger = runner.logger.child({ trialId: job.trialId, attempt: job.attempt });
  const attempt = { trialId: job.trialId, token };
  const { end, record, over } = await train({ ...runner, logger }, { specification, attempt, signal });
  if (over !== undefined) {
    logger.info({ lease: over }, 'the trial was taken away; its training has been stopped');
    if (over === 'cancelled') await discard({ ...runner, logger }, job);
    return;
  }
  const again = await conclude({ ...runner, logger }, { attempt, end: await faultless(end, record), signal });
  if (!again) await discard({ ...runner, logger }, job);
}

/** What is left behind costs space, and goes when a worker starts; the trial's end stands. */
async function discard({ discardCheckpoints, logger }: TrialRunner, { trialId }: TrialJob): Promise<void> {
  try {
    await discardCheckpoints(trialId);
  } catch (error) {
    logger.warn({ err: error }, 'the checkpoints of the trial could not be removed');
  }
}

interface TrainingTask {
  readonly specification: TrialSpecification;
  readonly attempt: Attempt;
  readonly signal: AbortSignal;
}

interface TrainedTrial {
  readonly end: TrainingEnd;
  readonly record: TrialRecord;
  /** Set when the attempt ended in the store before the training did. */
  readonly over: Exclude<LeaseState, 'held'> | undefined;
}

async function train(runner: TrialRunner, task: TrainingTask): Promise<TrainedTrial> {
  const { store, logger, leaseSeconds = LEASE_SECONDS, renewalSeconds = RENEWAL_SECONDS } = runner;
  const { specification, attempt, signal } = task;
  let over: TrainedTrial['over'];
  let stopping = false;
  const stop = (): void => {
    if (!stopping) stopTraining(training, runner.cancelSeconds ?? CANCEL_SECONDS);
    stopping = true;
  };
  const record = createTrialRecord({ store, attempt, signal, onEnd: stop });
  const training = runner.startTraining(specification, {
    onEvent: (event) => {
      logger.debug({ event: withoutModel(event) }, 'the training reports');
      record.note(event);
    },
  });
  logger.info({ specification, pid: training.pid }, 'the trial starts');
  const lease = keepLease({
    store,
    attempt,
    leaseSeconds,
    renewalSeconds,
    step: () => record.step,
    onOver: (state) => {
      over = state;
      stop();
    },
    onFault: (error) => logger.warn({ err: error }, 'the lease could not be renewed; it is tried again'),
  });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const end = await training.ended;
  signal.removeEventListener('abort', stop);
  // Until the record is complete the lease must hold, however long the store keeps the writer waiting.
  await record.written().catch(() => undefined);
  await lease.stop();
  return { end, record, over };
}

/** A model has megabytes, which are no line of a log. */
function withoutModel(event: TrainingEvent): unknown {
  return event.type === 'completed' ? { ...event, savedModel: event.savedModel?.length } : event;
}

/** Asks first, so that a training can tidy up between two steps; then ends its process. */
function stopTraining(training: RunningTraining, seconds: number): void {
  training.cancel();
  const timer = setTimeout(() => training.kill(), seconds * 1_000);
  void training.ended.then(() => clearTimeout(timer));
}

/** The training's end, or the fault that kept its learning curve from being stored: half a record is no result. */
async function faultless(end: TrainingEnd, record: TrialRecord): Promise<TrainingEnd> {
  try {
    await record.written();
    return end;
  } catch (error) {
    return { type: 'failed', failure: failureOf(error) };
  }
}

function failureOf(error: unknown): TrialFailure {
  return {
    code: error instanceof CompoundSearchError ? error.code : 'INTERNAL',
    message: error instanceof Error ? error.message : String(error),
    step: null,
  };
}

interface Conclusion {
  readonly attempt: Attempt;
  readonly end: TrainingEnd;
  readonly signal: AbortSignal;
}

/** Stores how the training ended. Resolves to whether the trial is run again. */
async function conclude(runner: TrialRunner, { attempt, end, signal }: Conclusion): Promise<boolean> {
  const { store, logger } = runner;
  if (end.type === 'completed') {
    await complete(runner, { attempt, result: end.result, signal });
    return false;
  }
  if (signal.aborted && isInterrupted(end)) {
    const next = await store.releaseTrial(attempt);
    logger.info('the worker stops; the trial goes back to the queue');
    if (next !== null) await offer(runner, next);
    return true;
  }
  const failure = end.type === 'failed' ? end.failure : cancelledFailure;
  return fail(runner, { attempt, failure, signal });
}

interface Completion {
  readonly attempt: Attempt;
  readonly result: TrialResult;
  readonly signal: AbortSignal;
}

async function complete(runner: TrialRunner, { attempt, result, signal }: Completion): Promise<void> {
  const { store, logger } = runner;
  try {
    const stored = await withPatience(() => store.completeTrial({ ...attempt, result }), signal);
    if (stored) logger.info({ result }, 'the trial has completed');
    else logger.info('the trial was taken away; its result is not stored');
  } catch (error) {
    if (isUnavailable(error)) throw error;
    // A result that the store cannot take would be the same at every attempt.
    await fail(runner, { attempt, failure: failureOf(error), signal });
  }
}

/** Whether a training ended because it was stopped, not for a fault of its own. */
function isInterrupted(end: TrainingEnd): boolean {
  return end.type === 'cancelled' || (end.type === 'failed' && end.failure.code === 'TRIAL_LOST');
}

const cancelledFailure: TrialFailure = {
  code: 'TRIAL_CANCELLED',
  message: 'The training stopped without having been asked to.',
  step: null,
};

interface Failure {
  readonly attempt: Attempt;
  readonly failure: TrialFailure;
  readonly signal: AbortSignal;
}

/** Resolves to whether the trial is run again. */
async function fail(runner: TrialRunner, { attempt, failure, signal }: Failure): Promise<boolean> {
  const { store, logger } = runner;
  const failed = await withPatience(() => store.failTrial({ ...attempt, failure }), signal);
  if (failed.state === 'failed') logger.warn({ failure }, 'the trial has failed');
  if (failed.state !== 'requeued') return false;
  logger.warn({ failure }, 'the trial is run again');
  await offer(runner, failed.job);
  return true;
}

async function offer({ enqueue, logger }: TrialRunner, job: TrialJob): Promise<void> {
  try {
    await enqueue([job]);
  } catch (error) {
    logger.warn({ err: error }, 'the queue does not answer; the trial is added to it later');
  }
}
