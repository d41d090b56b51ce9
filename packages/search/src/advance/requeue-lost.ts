import type { TrialQueue } from '@compound-search/queue';
import type { AttemptStore, TrialStore } from '@compound-search/store';

import type { Log } from '../log.ts';

/** What taking back lost trials and refilling the queue need of their surroundings. */
export interface Requeueing {
  readonly store: Pick<TrialStore, 'trialsToEnqueue'> & Pick<AttemptStore, 'expireLeases'>;
  readonly queue: Pick<TrialQueue, 'add' | 'counts'>;
  /** Seconds for which whoever has queued a trial may take to tell the queue. @defaultValue 5 */
  readonly queuedSeconds?: number;
  readonly log: Pick<Log, 'debug' | 'warn'>;
  /** Is told what was taken back and put back. @defaultValue nobody is */
  readonly counter?: RequeueCounter;
}

/** Counts what went wrong on the way of trials and was made good. */
export interface RequeueCounter {
  /** So many leases ran out, and their trials were taken back from their workers. */
  countTakeovers(trials: number): void;
  /** So many jobs were put back on the queue. */
  countReconciledJobs(jobs: number): void;
}

const QUEUED_SECONDS = 5;

/** More than there are slots; the next follow when these have been taken. */
const MOST_HINTS = 1000;

/** Ends the attempts whose workers fell silent, and queues their trials again. */
export async function requeueLostTrials({ store, queue, log, counter }: Requeueing): Promise<void> {
  const { requeued, failed } = await store.expireLeases();
  if (requeued.length > 0) log.warn({ trials: requeued }, 'trials were lost by their workers and run again');
  if (failed.length > 0) log.warn({ trials: failed }, 'trials were lost for the last time and have failed');
  counter?.countTakeovers(requeued.length + failed.length);
  await queue.add(requeued);
  counter?.countReconciledJobs(requeued.length);
}

/**
 * Gives the queue as many hints as there are queued trials, where it has fewer: one that was wiped, or that lost a hint, is
 * made whole from the record. The look is bounded, so that a long queue makes no more work than a short one.
 */
export async function refillQueue(requeueing: Requeueing): Promise<void> {
  const { store, queue, log, counter, queuedSeconds = QUEUED_SECONDS } = requeueing;
  const trials = await store.trialsToEnqueue({ queuedSeconds, limit: MOST_HINTS });
  if (trials.length === 0) return;
  const { waiting } = await queue.counts();
  const missing = trials.slice(0, Math.max(0, trials.length - waiting));
  if (missing.length === 0) return;
  log.debug({ trials: missing.length }, 'the queue has fewer hints than there are queued trials; it is given more');
  await queue.add(missing);
  counter?.countReconciledJobs(missing.length);
}
