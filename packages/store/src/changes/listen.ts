import { setTimeout as sleep } from 'node:timers/promises';

import { Client, type ClientConfig } from 'pg';

import type { ChangeListener, ChangeSubscription } from './change-store.ts';

/** The migration that adds the table of changes has its triggers notify this one. */
const CHANNEL = 'compound_search_change';

/** By which an administrator tells these connections from the others. */
const APPLICATION_NAME = 'compound-search events';

/** Before the first try to connect again; each further one waits twice as long. */
const FIRST_PAUSE_MILLISECONDS = 100;
const LONGEST_PAUSE_MILLISECONDS = 10_000;

/** How often the server is asked whether it is still there: a connection that carries nothing does not tell. */
const PROBE_INTERVAL_MILLISECONDS = 15_000;
const QUERY_TIMEOUT_MILLISECONDS = 10_000;

/**
 * Listens until it is closed. Whenever a connection has been made, and whenever one could not be, anything may have
 * changed: the one who listens then reads for itself, and learns that way too that the database is away.
 */
export function listenForChanges(config: ClientConfig, listener: ChangeListener): ChangeSubscription {
  const closing = new AbortController();
  const listening = keepListening(config, listener, closing.signal);
  return {
    close: async () => {
      closing.abort();
      await listening;
    },
  };
}

async function keepListening(config: ClientConfig, listener: ChangeListener, closing: AbortSignal): Promise<void> {
  for (let failures = 0; !closing.aborted; failures += 1) {
    try {
      await listenOnce(config, listener, closing, () => {
        failures = 0;
        listener.onChange(undefined);
      });
    } catch (error) {
      listener.onLost(error);
      listener.onChange(undefined);
    }
    const pause = Math.min(LONGEST_PAUSE_MILLISECONDS, FIRST_PAUSE_MILLISECONDS * 2 ** failures);
    await sleep(pause, undefined, { signal: closing }).catch(() => undefined);
  }
}

/** Listens by one connection. @throws where it is lost; resolves when closing. */
async function listenOnce(
  config: ClientConfig,
  { onChange }: ChangeListener,
  closing: AbortSignal,
  onListening: () => void,
): Promise<void> {
  const client = new Client({
    ...config,
    application_name: APPLICATION_NAME,
    query_timeout: QUERY_TIMEOUT_MILLISECONDS,
  });
  const lost = new Promise<never>((_resolve, reject) => {
    client.on('error', reject);
    client.on('end', () => reject(new Error('The connection was ended')));
  });
  // Until it is waited for, below.
  lost.catch(() => undefined);
  client.on('notification', ({ payload }) => onChange(payload));
  try {
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    onListening();
    await Promise.race([lost, probe(client, closing)]);
  } finally {
    // What is broken already cannot be ended in good order.
    await client.end().catch(() => undefined);
  }
}

/** @throws where the server does not answer; resolves when closing. */
async function probe(client: Client, closing: AbortSignal): Promise<void> {
  for (;;) {
    await sleep(PROBE_INTERVAL_MILLISECONDS, undefined, { signal: closing }).catch(() => undefined);
    if (closing.aborted) return;
    await client.query('SELECT');
  }
}
