import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Engine, TrainingEvent, TrialJob, TrialSpecification } from '@compound-search/contracts';
import type { Attempt, AttemptStore } from '@compound-search/store';
import type { RunningTraining } from '@compound-search/training';
import type { Logger } from 'pino';

import { concludeTrial, type Conclusion } from './conclude-trial.ts';
import type { KnownEngines } from './known-engines.ts';
import { keepLease, LEASE_SECONDS, RENEWAL_SECONDS, secondsSinceBoot } from './lease.ts';
import { retryWhileUnavailable } from './retry-while-unavailable.ts';
import { createTrialRecord, type TrialRecord } from './trial-record.ts';

/** How long a training may take to end its step and to write its checkpoint before its process is ended. */
const CANCEL_SECONDS = 10;

/** How long a slot rests that has found no trial. */
const REST_MILLISECONDS = 500;

export type StartTraining = (
  specification: TrialSpecification,
  options: { onEvent: (event: TrainingEvent) => void },
) => RunningTraining;

/** What running a trial needs of its surroundings. */
export interface TrialRunner {
  readonly store: AttemptStore;
  /** Puts jobs on the queue. A failure only delays them: whatever the queue lacks is added from the store. */
  readonly enqueue: (trials: readonly TrialJob[]) => Promise<void>;
  readonly startTraining: StartTraining;
  readonly engines: KnownEngines;
  /** Removes what the attempts at a trial have left for the next one; called once the store has said that it ended. */
  readonly discardCheckpoints: (trialId: string) => Promise<void>;
  readonly logger: Logger;
  readonly workerId: string;
  /** Is told why no trial can be trained here. @defaultValue such trials fail */
  readonly declareUnfit?: (reason: string) => Promise<void>;
  /** @defaultValue 15 */
  readonly leaseSeconds?: number;
  /** @defaultValue 3 */
  readonly renewalSeconds?: number;
  /** @defaultValue 5 */
  readonly cancelSeconds?: number;
  /** @defaultValue 500 */
  readonly restMilliseconds?: number;
  /** Seconds that count on while the machine sleeps. @defaultValue those since the machine started */
  readonly clock?: () => number;
}

/**
 * Runs the trial whose turn it is from the claim to its end in the store. Where there is none, the slot rests for a moment:
 * hints of trials that have been cancelled, or that only a newer version can train, may wait in the queue by the thousand.
 * @param signal - aborted when the worker shuts down: the training stops and the trial goes back to the queue.
 */
export async function runNextTrial(runner: TrialRunner, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { store, workerId, leaseSeconds = LEASE_SECONDS, clock = secondsSinceBoot } = runner;
  const token = randomUUID();
  let claimedAt = clock();
  const claimed = await retryWhileUnavailable(() => {
    claimedAt = clock();
    return store.claimNextTrial({ workerId, leaseSeconds, token });
  }, signal);
  if (claimed === null) {
    runner.logger.debug('no trial is to be run');
    await sleep(runner.restMilliseconds ?? REST_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    return;
  }
  const { specification } = claimed;
  const { trialId } = specification;
  const logger = runner.logger.child({ trialId, attempt: specification.attempt });
  const attempt = { trialId, token };
  const conclusion = (await isTakenOver({ ...runner, logger }, { specification, attempt, signal }))
    ? 'ended'
    : await train({ ...runner, logger }, { specification, attempt, claimedAt, signal });
  if (conclusion === 'ended') await discard({ ...runner, logger }, trialId);
}

/**
 * Whether the trial has ended as an equal one did, without a process for it. Only what a search ranks by is taken over: a
 * test, a rerun and a model must be trained.
 */
async function isTakenOver(
  { store, engines, logger }: TrialRunner,
  { specification, attempt, signal }: Omit<TrainingTask, 'claimedAt'>,
): Promise<boolean> {
  const engine = engines.find(specification);
  if (specification.purpose !== 'ranking' || engine === undefined) return false;
  const from = await retryWhileUnavailable(() => store.takeOverTrial({ ...attempt, engine }), signal);
  if (from === null) return false;
  logger.info({ from }, 'the trial has taken over the end of an equal one');
  return true;
}

/** What is left behind costs space, and goes when a worker starts; the trial's end stands. */
async function discard({ discardCheckpoints, logger }: TrialRunner, trialId: string): Promise<void> {
  try {
    await discardCheckpoints(trialId);
  } catch (error) {
    logger.warn({ err: error }, 'the checkpoints of the trial could not be removed');
  }
}

interface TrainingTask {
  readonly specification: TrialSpecification;
  readonly attempt: Attempt;
  readonly claimedAt: number;
  readonly signal: AbortSignal;
}

async function train(runner: TrialRunner, task: TrainingTask): Promise<Conclusion> {
  const { store, logger, enqueue, leaseSeconds = LEASE_SECONDS, clock = secondsSinceBoot } = runner;
  const { specification, attempt, claimedAt, signal } = task;
  let stopping = false;
  const stop = (): void => {
    if (!stopping) stopTraining(training, runner.cancelSeconds ?? CANCEL_SECONDS);
    stopping = true;
  };
  const known = runner.engines.find(specification);
  const mayBeKnown = ({ fingerprint }: Engine): boolean =>
    specification.purpose === 'ranking' && fingerprint !== known?.fingerprint;
  const record = createTrialRecord({ store, attempt, specification, mayBeKnown, signal, onEnd: stop });
  const onEvent = (event: TrainingEvent): void => {
    if (event.type === 'started') runner.engines.remember(specification, event.engine);
    note(event, { record, logger });
  };
  const training = runner.startTraining(specification, { onEvent });
  logger.info({ specification, pid: training.pid }, 'the trial starts');
  const lease = keepLease({
    store,
    attempt,
    leaseSeconds,
    renewalSeconds: runner.renewalSeconds ?? RENEWAL_SECONDS,
    claimedAt,
    clock,
    step: () => record.step,
    onOver: stop,
    onFault: (error) => logger.warn({ err: error }, 'the lease could not be renewed; it is tried again'),
  });
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const end = await training.ended;
  signal.removeEventListener('abort', stop);
  try {
    // The lease is held until the end is stored, however long the store keeps the writer waiting.
    const { declareUnfit } = runner;
    const words = { warnings: record.warnings, lastWords: training.lastWords };
    const options = { store, enqueue, logger, attempt, words, leaseSeconds, signal, declareUnfit };
    return await concludeTrial(options, { end, record, lease });
  } finally {
    await lease.stop();
  }
}

function note(event: TrainingEvent, { record, logger }: { record: TrialRecord; logger: Logger }): void {
  if (event.type === 'warning') logger.warn(event.message);
  else logger.debug({ event: withoutModel(event) }, 'the training reports');
  record.note(event);
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
