import { setTimeout as sleep } from 'node:timers/promises';

import { CompoundSearchError } from '@compound-search/contracts';

const PAUSE_MILLISECONDS = 500;

export function isUnavailable(error: unknown): boolean {
  return error instanceof CompoundSearchError && error.code === 'DEPENDENCY_UNAVAILABLE';
}

/**
 * Repeats an operation while the service that it needs does not answer. Minutes of training are worth more than a
 * moment of waiting; whether they still count is the store's to say when it is back.
 * @param onWait - called once, when the waiting begins.
 * @throws whatever else the operation throws, and `DEPENDENCY_UNAVAILABLE` once the signal is aborted.
 */
export async function withPatience<T>(
  operation: () => Promise<T>,
  signal: AbortSignal,
  onWait: (error: unknown) => void = () => undefined,
): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await operation();
    } catch (error) {
      if (!isUnavailable(error) || signal.aborted) throw error;
      if (waits === 0) onWait(error);
      await sleep(PAUSE_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
  }
}
