import { CompoundSearchError, type SearchStatus, searchStatusSchema } from '@compound-search/contracts';
import type { ChangeStore, SearchStore } from '@compound-search/store';
import type { FastifyBaseLogger } from 'fastify';

import { found } from '../routes/requests.ts';
import { ChangeFeed } from './change-feed.ts';
import { EventStream, type Sending, usualSending } from './event-stream.ts';
import { mostChanges, readNews } from './news.ts';

/** How many streams are sent at once, and how. */
export interface EventStreamLimits extends Sending {
  readonly most: number;
}

export const usualLimits: EventStreamLimits = { ...usualSending, most: 100 };

type StreamedStore = ChangeStore & Pick<SearchStore, 'getSearch' | 'getRevision'>;

/** What a reader asks for. */
export interface StreamRequest {
  /** Undefined for all searches. */
  readonly searchId?: string;
  /** The cursor that it has; undefined for one that begins. */
  readonly since: bigint | undefined;
}

/** All streams of this process. */
export class EventStreams {
  readonly #store: StreamedStore;
  readonly #limits: EventStreamLimits;
  readonly #feed: ChangeFeed;
  readonly #open = new Set<EventStream>();

  constructor(store: StreamedStore, limits: EventStreamLimits, log: FastifyBaseLogger) {
    this.#store = store;
    this.#limits = limits;
    this.#feed = new ChangeFeed(store, log);
  }

  get isFull(): boolean {
    return this.#open.size >= this.#limits.most;
  }

  /** @throws CompoundSearchError STREAMS_EXHAUSTED, NOT_FOUND, or what the store throws */
  async open(request: StreamRequest): Promise<EventStream> {
    if (this.isFull) throw exhausted(this.#limits.most);
    const stream = new EventStream(request.searchId, this.#limits);
    this.#open.add(stream);
    stream.once('close', () => this.#open.delete(stream));
    try {
      await this.#begin(stream, request);
      return stream;
    } catch (error) {
      stream.destroy();
      throw error;
    }
  }

  /** Ends all streams; who reads them comes again. */
  end(): void {
    for (const stream of this.#open) stream.end();
  }

  close(): Promise<void> {
    return this.#feed.close();
  }

  /** Listens first and reads then, so that nothing can change between the two. */
  async #begin(stream: EventStream, { searchId, since }: StreamRequest): Promise<void> {
    if (searchId !== undefined) found(await this.#store.getRevision(searchId), 'search', searchId);
    const leave = await this.#feed.watch(searchId, stream);
    if (stream.destroyed) leave();
    else stream.once('close', leave);
    const changes = await this.#store.changesSince({ since, searchId, most: mostChanges });
    const news = await readNews(this.#store, { searchId, ...changes });
    // Nothing can be told of a cursor that another database has given.
    const from = since === undefined || news.isReset ? news.cursor : since;
    const searches = searchId === undefined ? news.searches : [await this.#readStatus(searchId)];
    stream.open(from, { ...news, searches });
  }

  /** As it is, whether or not it has changed. */
  async #readStatus(searchId: string): Promise<SearchStatus> {
    return searchStatusSchema.parse(found(await this.#store.getSearch(searchId), 'search', searchId));
  }
}

function exhausted(most: number): CompoundSearchError {
  return new CompoundSearchError('STREAMS_EXHAUSTED', `The service sends ${most} streams, and may send no more`, {
    remedy: 'Ask for the state again and again instead; MAXIMUM_STREAMS of the service sets the limit.',
  });
}
