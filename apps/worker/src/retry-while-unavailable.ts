import { setTimeout as sleep } from 'node:timers/promises';

import { CompoundSearchError } from '@compound-search/contracts';

const FIRST_PAUSE_MILLISECONDS = 250;
/** Also how long a service that is back may go unnoticed; well below the lease that a waiting worker wants to renew. */
const LONGEST_PAUSE_MILLISECONDS = 5_000;

/**
 * Tries of what a service that answers did not do in its time: it would only fail to do it again and again. With the
 * pauses they take about half a minute.
 */
const MOST_TRIES = 10;

/** Whether a service is out of reach, so that nothing is known of the operation and nothing else can be done either. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof CompoundSearchError && error.code === 'DEPENDENCY_UNAVAILABLE';
}

function mayRetry(error: unknown, tries: number): boolean {
  return isUnavailable(error) || (error instanceof CompoundSearchError && error.retry && tries < MOST_TRIES);
}

export interface RetryOptions {
  /** Called once, when the waiting begins. */
  readonly onWait?: (error: unknown) => void;
  /** Resolves after so many milliseconds, or once the signal is aborted. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Repeats an operation while the service that it needs does not answer, after pauses that double up to 5 seconds.
 * Minutes of training are worth more than a moment of waiting; whether they still count is the store's to say when it
 * is back. The service may have executed what it did not answer, so the operation must be one that can be repeated.
 * @throws whatever else the operation throws, and `DEPENDENCY_UNAVAILABLE` once the signal is aborted.
 */
export async function retryWhileUnavailable<T>(
  operation: () => Promise<T>,
  signal: AbortSignal,
  { onWait = () => undefined, wait = waitUnlessAborted }: RetryOptions = {},
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await operation();
    } catch (error) {
      if (signal.aborted || !mayRetry(error, tries)) throw error;
      if (tries === 1) onWait(error);
      await wait(pauseAfter(tries), signal);
    }
  }
}

function waitUnlessAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  return sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** Drawn from the upper half, so that workers that lost one service together do not come back to it together. */
function pauseAfter(tries: number): number {
  const longest = Math.min(LONGEST_PAUSE_MILLISECONDS, FIRST_PAUSE_MILLISECONDS * 2 ** (tries - 1));
  return longest * (1 - Math.random() / 2);
}
