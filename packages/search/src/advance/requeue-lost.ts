import type { TrialQueue } from '@compound-search/queue';
import type { AttemptStore, TrialStore } from '@compound-search/store';

import type { Log } from '../log.ts';

/** What taking back lost trials and refilling the queue need of their surroundings. */
export interface Requeueing {
  readonly store: Pick<TrialStore, 'trialsToEnqueue'> & Pick<AttemptStore, 'expireLeases'>;
  readonly queue: Pick<TrialQueue, 'add'>;
  /** Seconds after which a queued trial is given to the queue again. @defaultValue 5 */
  readonly unseenSeconds?: number;
  readonly log: Pick<Log, 'debug' | 'warn'>;
}

/** Seconds after which the queue is given a trial again that no worker has taken: it may have lost it. */
const UNSEEN_SECONDS = 5;

/** More of each purpose than there are slots; the next follow when these have been taken. */
const TRIALS_PER_PASS = 1000;

/** Ends the attempts whose workers fell silent, and queues their trials again. */
export async function requeueLostTrials({ store, queue, log }: Requeueing): Promise<void> {
  const { requeued, failed } = await store.expireLeases();
  if (requeued.length > 0) log.warn({ trials: requeued }, 'trials were lost by their workers and run again');
  if (failed.length > 0) log.warn({ trials: failed }, 'trials were lost for the last time and have failed');
  await queue.add(requeued);
}

/**
 * Gives the queue again what is next to be run and has been waiting for a while: a queue that was wiped, or that lost a
 * job, is made whole from the record. What is still there it leaves alone. The look is bounded in length and made once
 * for all services, so that a long queue makes no more work than a short one.
 */
export async function refillQueue({ store, queue, log, unseenSeconds = UNSEEN_SECONDS }: Requeueing): Promise<void> {
  const trials = await store.trialsToEnqueue({ unseenSeconds, limit: TRIALS_PER_PASS });
  if (trials.length === 0) return;
  log.debug({ trials: trials.length }, 'trials that wait for long are given to the queue again');
  await queue.add(trials);
}
