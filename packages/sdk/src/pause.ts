import { setTimeout as sleep } from 'node:timers/promises';

/** Waits; where the signal ends the wait, throws its reason. */
export async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    // Node's timer rejects with an AbortError of its own; the caller expects the reason that it gave.
    throw signal?.aborted === true ? signal.reason : error;
  }
}
