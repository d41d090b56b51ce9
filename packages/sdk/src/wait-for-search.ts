import { setTimeout as sleep } from 'node:timers/promises';

import { CompoundSearchError, endedSearchStates, type SearchView } from '@compound-search/contracts';

import { ApiError } from './api-error.ts';

/** How to wait for the end of a search. */
export interface WaitOptions {
  /** Called with every state that is read, the last one included. */
  readonly onProgress?: (search: SearchView) => void;
  /** Ends the wait with the signal's reason; the search goes on. */
  readonly signal?: AbortSignal;
  /** @defaultValue 500 */
  readonly intervalMilliseconds?: number;
  /** For how long the service may be away, as it is while it restarts. @defaultValue 60000 */
  readonly patienceMilliseconds?: number;
}

const ended: ReadonlySet<string> = new Set(endedSearchStates);

/** Reads a search again and again until it has ended, and returns its last state. */
export const waitForSearch = async (
  read: (signal: AbortSignal | undefined) => Promise<SearchView>,
  options: WaitOptions = {},
): Promise<SearchView> => {
  const { onProgress, signal, intervalMilliseconds = 500, patienceMilliseconds = 60_000 } = options;
  let lastAnswer = performance.now();
  for (;;) {
    try {
      const search = await read(signal);
      lastAnswer = performance.now();
      onProgress?.(search);
      if (ended.has(search.state)) return search;
    } catch (error) {
      if (!isPassing(error) || performance.now() - lastAnswer > patienceMilliseconds) throw error;
    }
    await pause(intervalMilliseconds, signal);
  }
};

/** The service is away or its database is; both come back without our doing anything. */
const isPassing = (error: unknown): boolean =>
  (error instanceof CompoundSearchError || error instanceof ApiError) && error.code === 'DEPENDENCY_UNAVAILABLE';

const pause = async (milliseconds: number, signal: AbortSignal | undefined): Promise<void> => {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    // Node's timer rejects with an AbortError of its own; the caller expects the reason that it gave.
    throw signal?.aborted === true ? signal.reason : error;
  }
};
