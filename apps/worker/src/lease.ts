import { setTimeout as sleep } from 'node:timers/promises';

import type { Attempt, LeaseState, LeaseStore } from '@compound-search/store';

/** Seconds until a trial whose worker fell silent goes to another; five renewals may fail before. */
export const LEASE_SECONDS = 15;
export const RENEWAL_SECONDS = 3;

export interface LeaseOptions {
  readonly store: Pick<LeaseStore, 'renewLease'>;
  readonly attempt: Attempt;
  readonly leaseSeconds: number;
  readonly renewalSeconds: number;
  /** Steps done, told with every renewal. */
  readonly step: () => number;
  /** Called once, when the attempt is over. */
  readonly onOver: (state: Exclude<LeaseState, 'held'>) => void;
  /** A renewal that failed; the next may succeed. */
  readonly onFault: (error: unknown) => void;
}

export interface Lease {
  /** Ends the renewals and waits for the one under way. */
  stop(): Promise<void>;
}

/** Renews the lease of an attempt by a timer until it is stopped or over. */
export function keepLease(options: LeaseOptions): Lease {
  const stop = new AbortController();
  const renewing = renewUntil(stop.signal, options);
  return {
    async stop() {
      stop.abort();
      await renewing;
    },
  };
}

async function renewUntil(signal: AbortSignal, options: LeaseOptions): Promise<void> {
  const { store, attempt, leaseSeconds, renewalSeconds, step, onOver, onFault } = options;
  for (;;) {
    await sleep(renewalSeconds * 1_000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const state = await store.renewLease({ ...attempt, leaseSeconds, step: step() });
      if (state === 'held') continue;
      onOver(state);
      return;
    } catch (error) {
      onFault(error);
    }
  }
}
