import { CompoundSearchError, type SearchView } from '@compound-search/contracts';

import { ApiError } from './api-error.ts';
import { pause } from './pause.ts';
import { gatewayStatuses } from './transport.ts';

/** How to wait for the end of a search, or of a trial. */
export interface WaitOptions<T = SearchView> {
  /** Called with every state that is read, the last one included. */
  readonly onProgress?: (current: T) => void;
  /** Ends the wait with the signal's reason; what is waited for goes on. */
  readonly signal?: AbortSignal;
  /** @defaultValue 500 */
  readonly intervalMilliseconds?: number;
  /** For how long the service may be away, as it is while it restarts. @defaultValue 60000 */
  readonly patienceMilliseconds?: number;
}

/** Reads something again and again until it is in one of the last states, and returns it as it is then. */
export async function waitUntilEnded<T extends { readonly state: string }>(
  read: (signal: AbortSignal | undefined) => Promise<T>,
  lastStates: readonly string[],
  options: WaitOptions<T> = {},
): Promise<T> {
  let last: T | undefined;
  for await (const current of readUntilEnded(read, lastStates, options)) {
    options.onProgress?.(current);
    last = current;
  }
  if (last === undefined) throw new Error('What was waited for has not been read');
  return last;
}

/** Every reading of something, again and again until it is in one of the last states. */
export async function* readUntilEnded<T extends { readonly state: string }>(
  read: (signal: AbortSignal | undefined) => Promise<T>,
  lastStates: readonly string[],
  { signal, intervalMilliseconds = 500, patienceMilliseconds = 60_000 }: Omit<WaitOptions<T>, 'onProgress'>,
): AsyncGenerator<T> {
  let lastAnswer = performance.now();
  for (;;) {
    try {
      const current = await read(signal);
      lastAnswer = performance.now();
      yield current;
      if (lastStates.includes(current.state)) return;
    } catch (error) {
      if (!isPassing(error) || performance.now() - lastAnswer > patienceMilliseconds) throw error;
    }
    await pause(intervalMilliseconds, signal);
  }
}

/**
 * Whether the service is away or its database is; both come back without our doing anything. Only for what reads: after
 * such an answer nobody knows whether a POST was executed.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof ApiError)
    return error.code === 'DEPENDENCY_UNAVAILABLE' || gatewayStatuses.includes(error.status);
  return error instanceof CompoundSearchError && error.code === 'DEPENDENCY_UNAVAILABLE';
}
