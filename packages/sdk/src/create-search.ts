import { ApiError } from './api-error.ts';
import { pause } from './pause.ts';
import { type Call, creating } from './transport.ts';

/** How to wait for a data set that the service reads before it takes a search. */
export interface CreateOptions {
  /** Called with a sentence on how far the reading is, every few seconds. */
  readonly onReading?: (sentence: string) => void;
  /** Ends the wait with the signal's reason; what the service has decoded so far goes on being decoded. */
  readonly signal?: AbortSignal;
  /** The service itself holds each answer back for some seconds. @defaultValue 100 */
  readonly intervalMilliseconds?: number;
}

/**
 * Posts a search, or what makes several, again and again until the service has read its data set, each time with the same
 * key: should an answer be lost, there is one search nonetheless.
 */
export async function createSearch<T>(
  post: (call: Pick<Call, 'method' | 'signal' | 'idempotencyKey'>) => Promise<T>,
  { onReading, signal, intervalMilliseconds = 100 }: CreateOptions = {},
): Promise<T> {
  const call = { ...creating(), signal };
  for (;;) {
    try {
      return await post(call);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'DATASET_NOT_READY') throw error;
      onReading?.(error.message);
    }
    await pause(intervalMilliseconds, signal);
  }
}
