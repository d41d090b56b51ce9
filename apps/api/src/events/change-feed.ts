import { setTimeout as sleep } from 'node:timers/promises';

import type { Change, ChangeStore, ChangeSubscription } from '@compound-search/store';
import type { FastifyBaseLogger } from 'fastify';

import { mostChanges, type News, readNews } from './news.ts';

/** Somebody who is told news. */
export interface Watcher {
  tell(news: News): void;
  /** No news can be read any more. */
  end(): void;
}

/** What some follow: a search, or all of them. What has changed of it is read once, however many they are. */
interface Topic {
  readonly searchId: string | undefined;
  readonly watchers: Set<Watcher>;
  /** Resolves once there is a cursor. */
  readonly begun: Promise<void>;
  cursor: bigint;
  /** What has been told that the next reading will find again, by thing: its last transaction. */
  told: ReadonlyMap<string, bigint>;
  isDue: boolean;
  isReading: boolean;
}

type FeedStore = Pick<ChangeStore, 'changesSince' | 'searchStatuses' | 'trialStatuses' | 'listenForChanges'>;

/** Between two readings of the same. */
const pauseMilliseconds = 250;

/** Reads what has changed whenever the database says that something has, for all who follow it. */
export class ChangeFeed {
  readonly #store: FeedStore;
  readonly #log: FastifyBaseLogger;
  readonly #topics = new Map<string | undefined, Topic>();
  #subscription: ChangeSubscription | undefined;

  constructor(store: FeedStore, log: FastifyBaseLogger) {
    this.#store = store;
    this.#log = log;
  }

  /**
   * Tells somebody all that changes from now on.
   *
   * @param searchId - undefined for all searches
   * @returns what ends it.
   * @throws CompoundSearchError DEPENDENCY_UNAVAILABLE where the database is away
   */
  async watch(searchId: string | undefined, watcher: Watcher): Promise<() => void> {
    // Whoever never streams needs no further connection.
    this.#subscription ??= this.#store.listenForChanges({
      onChange: (changed) => this.#onChange(changed),
      onLost: (error) => this.#log.warn({ err: error }, 'the database cannot be listened to'),
    });
    const topic = this.#topics.get(searchId) ?? this.#begin(searchId);
    topic.watchers.add(watcher);
    await topic.begun;
    return () => {
      topic.watchers.delete(watcher);
      if (topic.watchers.size === 0) this.#forget(topic);
    };
  }

  async close(): Promise<void> {
    await this.#subscription?.close();
  }

  #begin(searchId: string | undefined): Topic {
    const begin = async (): Promise<void> => {
      try {
        const { cursor } = await this.#store.changesSince({ searchId, most: 0 });
        topic.cursor = cursor;
      } catch (error) {
        this.#forget(topic);
        throw error;
      }
      topic.isDue = true;
      void this.#readWhileDue(topic);
    };
    const rest = { cursor: 0n, told: new Map<string, bigint>(), isDue: false, isReading: true };
    const topic: Topic = { searchId, watchers: new Set(), begun: Promise.resolve().then(begin), ...rest };
    this.#topics.set(searchId, topic);
    return topic;
  }

  /** Another one with the same name may have begun since. */
  #forget(topic: Topic): void {
    if (this.#topics.get(topic.searchId) === topic) this.#topics.delete(topic.searchId);
  }

  #onChange(searchId: string | undefined): void {
    const topics = searchId === undefined ? this.#topics.keys() : [searchId, undefined];
    for (const name of topics) {
      const topic = this.#topics.get(name);
      if (topic !== undefined) this.#touch(topic);
    }
  }

  #touch(topic: Topic): void {
    topic.isDue = true;
    if (!topic.isReading) void this.#readWhileDue(topic);
  }

  async #readWhileDue(topic: Topic): Promise<void> {
    topic.isReading = true;
    while (topic.isDue && topic.watchers.size > 0) {
      topic.isDue = false;
      try {
        await this.#read(topic);
      } catch (error) {
        // Those who come again are told by the answer to their request.
        this.#log.error({ err: error, searchId: topic.searchId }, 'what has changed cannot be read');
        this.#forget(topic);
        for (const watcher of [...topic.watchers]) watcher.end();
        return;
      }
      await sleep(pauseMilliseconds);
    }
    topic.isReading = false;
  }

  async #read(topic: Topic): Promise<void> {
    const { searchId } = topic;
    const { cursor, changes } = await this.#store.changesSince({ since: topic.cursor, searchId, most: mostChanges });
    const fresh = changes?.filter((change) => topic.told.get(nameOf(change)) !== change.transaction) ?? null;
    const news = await readNews(this.#store, { searchId, cursor, changes: fresh });
    topic.cursor = cursor;
    topic.told = new Map(
      (changes ?? [])
        .filter(({ transaction }) => transaction >= cursor)
        .map((change) => [nameOf(change), change.transaction]),
    );
    for (const watcher of topic.watchers) watcher.tell(news);
  }
}

function nameOf({ kind, id }: Change): string {
  return `${kind} ${id}`;
}
