import { type SearchEvent, searchEventSchema } from '@compound-search/contracts';
import { createParser } from 'eventsource-parser';
import { onTestFinished } from 'vitest';

/** An event as it came. */
export type ReadEvent = SearchEvent & { readonly id: string };

export interface EventReader {
  readonly response: Response;
  /** All that has come so far. */
  readonly events: readonly ReadEvent[];
  readonly comments: readonly string[];
  /** Resolves with the first event, of those that have come and those to come, for which it holds. */
  first<T extends ReadEvent>(holds: (event: ReadEvent) => event is T): Promise<T>;
  first(holds: (event: ReadEvent) => boolean): Promise<ReadEvent>;
  /** Resolves when so many comments have come. */
  commented(times: number): Promise<void>;
  /** Resolves when the service has ended the stream. */
  readonly ended: Promise<void>;
  /** Hangs up. */
  close(): void;
}

/** Reads a stream of events over HTTP; hangs up when the test has finished. */
export async function readEvents(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const response = await fetch(url, { headers, signal: controller.signal });
  const events: ReadEvent[] = [];
  const comments: string[] = [];
  let waiting: (() => void)[] = [];
  const wake = (): void => {
    const woken = waiting;
    waiting = [];
    for (const one of woken) one();
  };
  const parser = createParser({
    onEvent: ({ id, data }) => {
      events.push({ ...searchEventSchema.parse(JSON.parse(data)), id: id ?? '' });
      wake();
    },
    onComment: (comment) => {
      comments.push(comment);
      wake();
    },
  });
  const ended = readAll(response, (text) => parser.feed(text));
  // Whether it is waited for or not.
  ended.catch(() => undefined);
  const change = (): Promise<void> => new Promise((resolve) => void waiting.push(resolve));
  return {
    response,
    events,
    comments,
    first: async (holds: (event: ReadEvent) => boolean) => {
      for (let next = 0; ; next += 1) {
        while (events[next] === undefined) await change();
        const event = events[next];
        // The type is that of what holds.
        if (event !== undefined && holds(event)) return event as never;
      }
    },
    commented: async (times) => {
      while (comments.length < times) await change();
    },
    ended,
    close: () => controller.abort(),
  };
}

async function readAll({ body }: Response, feed: (text: string) => void): Promise<void> {
  if (body === null) return;
  const decoder = new TextDecoder();
  for await (const bytes of body) feed(decoder.decode(bytes as Uint8Array, { stream: true }));
}
