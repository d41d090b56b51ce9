import { setTimeout as sleep } from 'node:timers/promises';

import type { AttemptStore } from '@compound-search/store';
import type { Logger } from 'pino';

/** Paused trials of a search that stops are dropped all at once; what they have left may wait for so long. */
const SWEEP_MILLISECONDS = 10 * 60_000;

/** What trainings have left on this machine for later ones. */
export interface LeftFiles {
  /** The trials of which there are checkpoints. */
  readonly listCheckpoints: () => Promise<readonly string[]>;
  /** Removes what the attempts at a trial have left. */
  readonly removeCheckpoints: (trialId: string) => Promise<void>;
  /** The trials that have used the graphs that are kept. */
  readonly listGraphUsers: () => Promise<readonly string[]>;
  /** Removes the graphs that these trials alone have used. */
  readonly removeGraphsOf: (trialIds: readonly string[]) => Promise<void>;
}

export interface Sweep {
  readonly store: Pick<AttemptStore, 'finishedTrials' | 'deletedTrials'>;
  readonly leftFiles: LeftFiles;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Removes from this machine what trials have left that nobody will go on with: those that were paused here and never
 * promoted, those that ended elsewhere, and those that were deleted, whose graphs go too.
 */
export async function sweepLeftFiles({ store, leftFiles, logger }: Sweep): Promise<void> {
  const left = await leftFiles.listCheckpoints();
  const finished = left.length === 0 ? [] : await store.finishedTrials(left);
  await Promise.all(finished.map(leftFiles.removeCheckpoints));
  if (finished.length > 0) logger.info({ trials: finished }, 'checkpoints that nobody needs are removed');
  const users = await leftFiles.listGraphUsers();
  const deleted = users.length === 0 ? [] : await store.deletedTrials(users);
  if (deleted.length > 0) await leftFiles.removeGraphsOf(deleted);
}

/** Sweeps now and by a timer until the signal is aborted. A sweep that fails costs space until the next one. */
export async function keepSweeping(sweep: Sweep, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sweepLeftFiles(sweep).catch((error: unknown) => {
      sweep.logger.warn({ err: error }, 'the files that nobody needs could not be removed');
    });
    await sleep(SWEEP_MILLISECONDS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
