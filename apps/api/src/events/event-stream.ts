import { Readable } from 'node:stream';

import { isEndedSearchState, type SearchEvent, type SearchState } from '@compound-search/contracts';

import type { News } from './news.ts';
import { type Paces, PendingEvents } from './pending-events.ts';

/** How streams are sent. */
export interface Sending {
  readonly paces: Paces;
  /** Between two signs of life, without which proxies and clients take a connection for dead. */
  readonly heartbeatMilliseconds: number;
}

export const usualSending: Sending = {
  paces: { trials: 250, leaderboard: 2000, search: 1000 },
  heartbeatMilliseconds: 15_000,
};

/** After which a reader comes again whose stream has ended before its search. */
const retryMilliseconds = 1000;

/** A reader that takes nothing for so many heartbeats is let go: nobody knows whether it is still there. */
const mostMissedHeartbeats = 4;

/**
 * The events that one reader gets, as text/event-stream. Nothing is written while the reader has not taken what was
 * written before; meanwhile news are merged.
 */
export class EventStream extends Readable {
  readonly #searchId: string | undefined;
  readonly #sending: Sending;
  readonly #heart: NodeJS.Timeout;
  readonly #early: News[] = [];
  #pending: PendingEvents | undefined;
  #timer: NodeJS.Timeout | undefined;
  #endedIn: SearchState | undefined;
  #isDeleted = false;
  /** Also while its end is still to be read. */
  #isOver = false;
  #wantsMore = true;
  #missedHeartbeats = 0;

  /** @param searchId - whose end is the end of the stream */
  constructor(searchId: string | undefined, sending: Sending) {
    super();
    this.#searchId = searchId;
    this.#sending = sending;
    this.#heart = setInterval(() => this.#beat(), sending.heartbeatMilliseconds);
  }

  /** Begins to tell: first from where on, then what is known so far, and what has been told since that was read. */
  open(since: bigint, news: News): void {
    this.#pending = new PendingEvents(this.#sending.paces, since);
    this.#write(`retry: ${retryMilliseconds}\n`);
    this.#writeEvent({ type: 'cursor', cursor: String(since) }, since);
    for (const one of [news, ...this.#early.splice(0)]) this.tell(one);
  }

  /** Takes in what there is to be told, to tell it when its time has come. */
  tell(news: News): void {
    if (this.#pending === undefined) {
      this.#early.push(news);
      return;
    }
    this.#pending.add(news);
    const own = news.searches.find(({ id }) => id === this.#searchId);
    if (own !== undefined) this.#endedIn = isEndedSearchState(own.state) ? own.state : undefined;
    if (this.#searchId !== undefined && news.deleted.includes(this.#searchId)) this.#isDeleted = true;
    this.#flush();
  }

  /** Ends it; the reader comes again. One that does not read must not hold up whoever ends it. */
  end(): void {
    if (this.#wantsMore) this.#finish();
    else this.destroy();
  }

  override _read(): void {
    this.#wantsMore = true;
    this.#missedHeartbeats = 0;
    this.#flush();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#isOver = true;
    clearInterval(this.#heart);
    clearTimeout(this.#timer);
    done(error);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    if (this.#pending === undefined || !this.#wantsMore || this.#isOver) return;
    const now = performance.now();
    const isLast = this.#endedIn !== undefined || this.#isDeleted;
    const events = this.#pending.take(isLast ? Infinity : now);
    for (const { event, cursor } of events) this.#writeEvent(event, cursor);
    if (isLast) {
      this.#writeEnd(this.#pending.cursor);
      return;
    }
    const nextAt = this.#pending.nextAt();
    if (nextAt !== undefined) this.#timer = setTimeout(() => this.#flush(), Math.max(0, nextAt - now));
  }

  #writeEnd(cursor: bigint): void {
    if (this.#searchId !== undefined && this.#endedIn !== undefined && !this.#isDeleted) {
      this.#writeEvent({ type: 'ended', searchId: this.#searchId, state: this.#endedIn }, cursor);
    }
    this.#finish();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.push(null);
  }

  #writeEvent(event: SearchEvent, cursor: bigint): void {
    this.#write(`id: ${cursor}\ndata: ${JSON.stringify(event)}\n\n`);
  }

  #write(text: string): void {
    this.#wantsMore = this.push(text);
  }

  #beat(): void {
    if (this.#isOver) return;
    if (this.#wantsMore) this.#write(': still here\n\n');
    else {
      this.#missedHeartbeats += 1;
      if (this.#missedHeartbeats >= mostMissedHeartbeats) this.destroy();
    }
  }
}
