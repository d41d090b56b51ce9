import { type SearchEvent, searchEventSchema } from '@compound-search/contracts';
import { createParser } from 'eventsource-parser';

import { parseJson, toUnreadableAnswerError } from './api-error.ts';
import { type Call, openStream, type Transport } from './transport.ts';

/** An event, with the cursor from which to go on after it; null where it was not told by a stream. */
export type WatchedEvent = SearchEvent & { readonly cursor: string | null };

/** No event came, nor any other sign of life. */
export class SilenceError extends Error {
  /** Whether anything had come before. */
  readonly hasSpoken: boolean;

  constructor(hasSpoken: boolean, cause: unknown) {
    super('The stream of events is silent', { cause });
    this.name = 'SilenceError';
    this.hasSpoken = hasSpoken;
  }
}

/** The answer is no stream: the service knows none, or something before it has answered. */
export class NoStreamError extends Error {}

/** By how much sooner the first event is expected than any later sign of life. */
const firstEventHaste = 4;

export interface Connection {
  readonly call: Omit<Call, 'signal'>;
  /** Silence for longer than this ends it; a fourth of it before the first event, which comes at once. */
  readonly silenceMilliseconds: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * The events of one connection, until the other side ends it.
 *
 * @throws SilenceError, NoStreamError, ApiError where the service refuses, CompoundSearchError DEPENDENCY_UNAVAILABLE where
 * the connection cannot be had or is lost, the signal's reason where the caller gave up
 */
export async function* streamEvents(
  transport: Transport,
  { call, silenceMilliseconds, signal }: Connection,
): AsyncGenerator<WatchedEvent> {
  const silence = new AbortController();
  const end = (): void => silence.abort();
  const either = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]);
  const received: WatchedEvent[] = [];
  const parser = createParser({ onEvent: ({ id, data }) => received.push(...readEvent(data, id ?? null)) });
  let hasSpoken = false;
  let timer = setTimeout(end, silenceMilliseconds / firstEventHaste);
  try {
    const { type, texts } = await openStream(transport, { ...call, signal: either });
    if (!type.startsWith('text/event-stream')) throw new NoStreamError(`The answer is ${type}`);
    for await (const text of texts) {
      // It does not run while the caller is busy with what came.
      clearTimeout(timer);
      hasSpoken = true;
      parser.feed(text);
      yield* received.splice(0);
      timer = setTimeout(end, silenceMilliseconds);
    }
  } catch (error) {
    if (signal?.aborted !== true && silence.signal.aborted) throw new SilenceError(hasSpoken, error);
    throw error;
  } finally {
    clearTimeout(timer);
    // Hangs up where the caller wants no more.
    end();
  }
}

const knownTypes: ReadonlySet<string> = new Set(
  searchEventSchema.options.flatMap((option) => [...option.shape.type.values]),
);

/** Nothing for an event of a type that a newer service has. */
function readEvent(data: string, cursor: string | null): WatchedEvent[] {
  const value = parseJson(data);
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  if (typeof type === 'string' && !knownTypes.has(type)) return [];
  const event = searchEventSchema.safeParse(value);
  if (!event.success) throw toUnreadableAnswerError(200, event.error);
  // The first one has its cursor in itself, which is the same.
  return [{ ...event.data, cursor } as WatchedEvent];
}
