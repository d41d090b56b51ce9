import type { TrialJob } from '@compound-search/contracts';
import type { TrialQueue } from '@compound-search/queue';

import type { Log } from '../log.ts';

/** Puts stored trials on the queue. What it does not take now, the reconciler adds later. */
export async function enqueueTrials(
  queue: Pick<TrialQueue, 'add'>,
  trials: readonly TrialJob[],
  log: Pick<Log, 'warn'>,
): Promise<void> {
  await queue.add(trials).catch((error: unknown) => {
    log.warn({ err: error, trials: trials.length }, 'the trials will be queued later');
  });
}
