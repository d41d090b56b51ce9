import type { TrialQueue } from '@compound-search/queue';
import type { LeaseStore, TrialStore } from '@compound-search/store';

import type { Log } from '../log.ts';

/** What taking back lost trials and refilling the queue need of their surroundings. */
export interface Requeueing {
  readonly store: Pick<TrialStore, 'queuedTrials' | 'countQueued'> & Pick<LeaseStore, 'expireLeases'>;
  readonly queue: Pick<TrialQueue, 'add' | 'counts'>;
  readonly log: Pick<Log, 'debug' | 'warn'>;
}

const pageSize = 1000;

/** Ends the attempts whose workers fell silent, and queues their trials again. */
export async function requeueLostTrials({ store, queue, log }: Requeueing): Promise<void> {
  const { requeued, failed } = await store.expireLeases();
  if (requeued.length > 0) log.warn({ trials: requeued }, 'trials were lost by their workers and run again');
  if (failed.length > 0) log.warn({ trials: failed }, 'trials were lost for the last time and have failed');
  await queue.add(requeued);
}

/**
 * Adds all queued trials again when the queue waits on fewer. A job that a worker has just taken and not yet claimed
 * looks like a lost one for a moment, which is harmless: the queue leaves a job that it has alone.
 */
export async function refillQueue({ store, queue, log }: Requeueing): Promise<void> {
  const [queued, { waiting }] = await Promise.all([store.countQueued(), queue.counts()]);
  if (waiting >= queued) return;
  log.debug({ queued, waiting }, 'the queue holds fewer trials than are to be run; it is filled again');
  let cursor: string | undefined;
  do {
    const page = await store.queuedTrials({ limit: pageSize, cursor });
    await queue.add(page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}
