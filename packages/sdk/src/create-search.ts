import { ApiError } from './api-error.ts';
import { pause } from './pause.ts';

/** How to wait for a data set that the service reads before it takes a search. */
export interface CreateOptions {
  /** Called with a sentence on how far the reading is, every few seconds. */
  readonly onReading?: (sentence: string) => void;
  /** Ends the wait with the signal's reason; what the service has decoded so far goes on being decoded. */
  readonly signal?: AbortSignal;
  /** The service itself holds each answer back for some seconds. @defaultValue 100 */
  readonly intervalMilliseconds?: number;
}

/** Posts a search, or what makes several, again and again until the service has read its data set. */
export async function createSearch<T>(
  post: (signal: AbortSignal | undefined) => Promise<T>,
  { onReading, signal, intervalMilliseconds = 100 }: CreateOptions,
): Promise<T> {
  for (;;) {
    try {
      return await post(signal);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'DATASET_NOT_READY') throw error;
      onReading?.(error.message);
    }
    await pause(intervalMilliseconds, signal);
  }
}
