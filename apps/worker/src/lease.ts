import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Attempt, AttemptStore, LeaseState } from '@compound-search/store';

/** Seconds until a trial whose worker fell silent goes to another; five renewals may fail before. */
export const LEASE_SECONDS = 15;
export const RENEWAL_SECONDS = 3;

/** How often the holder looks at its own clock. A timer alone would not do: timers stand still while a laptop sleeps. */
const WATCH_MILLISECONDS = 500;

/**
 * Seconds since the machine started. It counts on while the machine sleeps and is never set back: Date.now() is set by
 * people and time servers, and performance.now() stands still while Linux sleeps.
 */
export function secondsSinceBoot(): number {
  return os.uptime();
}

/** Why an attempt is over: the store said so, or its lease ran out by the holder's own clock. */
export type LeaseEnd = Exclude<LeaseState, 'held'> | 'expired';

export interface LeaseOptions {
  readonly store: Pick<AttemptStore, 'renewLease'>;
  readonly attempt: Attempt;
  readonly leaseSeconds: number;
  readonly renewalSeconds: number;
  /** By `clock`, when the claim was sent: the lease began then or later. */
  readonly claimedAt: number;
  /** Seconds that count on while the machine sleeps. */
  readonly clock: () => number;
  /** Steps done, told with every renewal. */
  readonly step: () => number;
  /** Called once, when the attempt is over. */
  readonly onOver: () => void;
  /** A renewal that failed; the next may succeed. */
  readonly onFault: (error: unknown) => void;
}

export interface Lease {
  /** Set once the attempt is over. */
  readonly over: LeaseEnd | undefined;
  /** Ends the renewals and waits for the one under way. */
  stop(): Promise<void>;
}

/** Renews the lease of an attempt by a timer until it is stopped or over. */
export function keepLease(options: LeaseOptions): Lease {
  const { leaseSeconds, claimedAt, clock, onOver } = options;
  const stop = new AbortController();
  let renewedAt = claimedAt;
  let over: LeaseEnd | undefined;
  const end = (state: LeaseEnd): void => {
    if (stop.signal.aborted) return;
    over = state;
    stop.abort();
    onOver();
  };
  const watch = setInterval(() => {
    if (clock() > renewedAt + leaseSeconds) end('expired');
  }, WATCH_MILLISECONDS);
  stop.signal.addEventListener('abort', () => clearInterval(watch), { once: true });
  const onHeld = (sentAt: number): void => {
    renewedAt = sentAt;
  };
  const renewing = renewUntil(stop.signal, options, onHeld).then((state) => {
    if (state !== undefined) end(state);
  });
  return {
    get over() {
      return over;
    },
    async stop() {
      stop.abort();
      await renewing;
    },
  };
}

/** Resolves to what the store says once the attempt is over; to nothing once the signal is aborted. */
async function renewUntil(
  signal: AbortSignal,
  { store, attempt, leaseSeconds, renewalSeconds, step, clock, onFault }: LeaseOptions,
  onHeld: (sentAt: number) => void,
): Promise<Exclude<LeaseState, 'held'> | undefined> {
  for (;;) {
    await sleep(renewalSeconds * 1_000, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    const sentAt = clock();
    try {
      const state = await store.renewLease({ ...attempt, leaseSeconds, step: step() });
      if (state !== 'held') return state;
      onHeld(sentAt);
    } catch (error) {
      onFault(error);
    }
  }
}
