import { endedSearchStates, searchStatusSchema, type SearchView } from '@compound-search/contracts';

import { ApiError } from './api-error.ts';
import { NoStreamError, SilenceError, streamEvents, type WatchedEvent } from './event-stream.ts';
import { pause } from './pause.ts';
import type { Transport } from './transport.ts';
import { isPassing, readUntilEnded, type WaitOptions, waitUntilEnded } from './wait-until-ended.ts';

/** How to follow a search. */
export interface WatchOptions extends Omit<WaitOptions, 'onProgress'> {
  /** The cursor of an event after which to go on. @defaultValue what changes from now on */
  readonly since?: string | undefined;
  /**
   * How long a stream may be silent: a fourth of it before the first event, which comes at once. The
   * service shows every 15 s that it is alive. @defaultValue 40000
   */
  readonly silenceMilliseconds?: number;
}

/** A search, and how it is read. */
export interface WatchedSearch {
  readonly transport: Transport;
  /** Of the stream of its events. */
  readonly path: string;
  readonly read: (signal: AbortSignal | undefined) => Promise<SearchView>;
}

const usual = { intervalMilliseconds: 500, patienceMilliseconds: 60_000, silenceMilliseconds: 40_000 };

/** Longest pause before a stream is opened again. */
const longestPauseMilliseconds = 8000;

/** The events of a search until it has ended, by whatever way they can be had. */
export async function* watchSearch(search: WatchedSearch, options: WatchOptions = {}): AsyncGenerator<WatchedEvent> {
  try {
    yield* followStreams(search, options);
  } catch (error) {
    if (!isWithoutStreams(error)) throw error;
    yield* poll(search, options);
  }
}

/** Waits for the end of a search, and returns it as it is then. */
export async function waitForSearch(search: WatchedSearch, options: WaitOptions = {}): Promise<SearchView> {
  const read = (): Promise<SearchView> => readPatiently(search, options);
  let current: SearchView | undefined;
  try {
    for await (const event of followStreams(search, options)) {
      if (event.type !== 'search') continue;
      current = current === undefined ? await read() : { ...current, ...event.search };
      options.onProgress?.(current);
    }
  } catch (error) {
    if (!isWithoutStreams(error)) throw error;
    return waitUntilEnded(search.read, endedSearchStates, options);
  }
  return read();
}

/** Opens one stream after another, each where the last has come to, until the search has ended. */
async function* followStreams({ transport, path }: WatchedSearch, options: WatchOptions): AsyncGenerator<WatchedEvent> {
  const { since, signal, silenceMilliseconds, ...waiting } = { ...usual, ...options };
  let cursor = since;
  let failingSince: number | undefined;
  for (let failures = 0; ; failures += 1) {
    const call = { method: 'GET', path, lastEventId: cursor } as const;
    let lost: unknown;
    try {
      for await (const event of streamEvents(transport, { call, signal, silenceMilliseconds })) {
        cursor = event.cursor ?? cursor;
        failures = 0;
        failingSince = undefined;
        yield event;
        if (event.type === 'ended' || event.type === 'deleted') return;
      }
    } catch (error) {
      if (!isTransient(error)) throw error;
      lost = error;
    }
    failingSince ??= performance.now();
    requirePatience(performance.now() - failingSince, waiting.patienceMilliseconds, lost);
    // At random, since all who followed come again when a service has restarted.
    const longest = Math.min(longestPauseMilliseconds, waiting.intervalMilliseconds * 2 ** failures);
    await pause(longest * (0.5 + Math.random() / 2), signal);
  }
}

/** @throws what was lost last, where that has gone on for too long. */
function requirePatience(failingMilliseconds: number, patienceMilliseconds: number, lost: unknown): void {
  if (failingMilliseconds <= patienceMilliseconds) return;
  throw lost instanceof Error ? lost : new NoStreamError('The stream of events is empty');
}

/** Whether another stream may tell more. */
function isTransient(error: unknown): boolean {
  return !isWithoutStreams(error) && (error instanceof SilenceError || isPassing(error));
}

/**
 * Whether it is no use to ask for a stream again. A proxy that holds answers back until they are whole lets nothing through.
 * An older service has no streams; where it is the search that is missing, reading it says so.
 */
function isWithoutStreams(error: unknown): boolean {
  if (error instanceof SilenceError) return !error.hasSpoken;
  if (error instanceof ApiError) return error.status === 404 || error.code === 'STREAMS_EXHAUSTED';
  return error instanceof NoStreamError;
}

/** The same by reading the search again and again; what is told of trials is that they are to be read again. */
async function* poll({ read }: WatchedSearch, options: WatchOptions): AsyncGenerator<WatchedEvent> {
  let last: SearchView | undefined;
  for await (const search of readUntilEnded(read, endedSearchStates, options)) {
    const { id, revision } = search;
    if (revision !== last?.revision) {
      if (last !== undefined) yield { type: 'reset', cursor: null };
      if (last !== undefined) yield { type: 'leaderboard', searchId: id, revision, cursor: null };
      yield { type: 'search', search: searchStatusSchema.parse(search), cursor: null };
    }
    last = search;
  }
  if (last !== undefined) yield { type: 'ended', searchId: last.id, state: last.state, cursor: null };
}

/** Reads a search once, across a restart of the service. */
async function readPatiently({ read }: WatchedSearch, options: WaitOptions): Promise<SearchView> {
  for await (const search of readUntilEnded(read, endedSearchStates, options)) return search;
  throw new Error('A search was read and was not there');
}
