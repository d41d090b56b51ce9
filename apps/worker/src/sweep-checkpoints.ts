import { setTimeout as sleep } from 'node:timers/promises';

import type { AttemptStore } from '@compound-search/store';
import type { Logger } from 'pino';

/** Paused trials of a search that stops are dropped all at once; what they have left may wait for so long. */
const SWEEP_MILLISECONDS = 10 * 60_000;

export interface CheckpointSweep {
  readonly store: Pick<AttemptStore, 'finishedTrials'>;
  /** The trials of which this machine has checkpoints. */
  readonly listCheckpoints: () => Promise<readonly string[]>;
  readonly discardCheckpoints: (trialId: string) => Promise<void>;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Removes from this machine what trials have left that nobody will go on with: those that were paused here and never
 * promoted, and those that ended elsewhere.
 */
export async function sweepCheckpoints(sweep: CheckpointSweep): Promise<void> {
  const { store, listCheckpoints, discardCheckpoints, logger } = sweep;
  const left = await listCheckpoints();
  if (left.length === 0) return;
  const finished = await store.finishedTrials(left);
  await Promise.all(finished.map(discardCheckpoints));
  if (finished.length > 0) logger.info({ trials: finished.length }, 'checkpoints that nobody needs are removed');
}

/** Sweeps now and by a timer until the signal is aborted. A sweep that fails costs space until the next one. */
export async function keepSweeping(sweep: CheckpointSweep, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sweepCheckpoints(sweep).catch((error: unknown) => {
      sweep.logger.warn({ err: error }, 'the checkpoints that nobody needs could not be removed');
    });
    await sleep(SWEEP_MILLISECONDS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
