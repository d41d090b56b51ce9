import type { SearchEvent, SearchStatus, TrialStatus } from '@compound-search/contracts';

import { MergedEvents } from './merged-events.ts';
import { mostChanges, type News } from './news.ts';

/** How many milliseconds lie between two events of a kind, at least; of searches and leaderboards, between those of one. */
export interface Paces {
  readonly trials: number;
  readonly leaderboard: number;
  readonly search: number;
}

/** An event, and the cursor from which somebody goes on who has read it. */
export interface SentEvent {
  readonly event: SearchEvent;
  readonly cursor: bigint;
}

type Kind = Pick<MergedEvents<never>, 'from' | 'dueAt' | 'take'>;

/**
 * What one reader has still to be told. News of the same thing are merged, so that it does not grow by how slow the reader
 * is; where it would be too much all the same, the reader is told to read all anew.
 */
export class PendingEvents {
  /** Up to where all has been heard of. */
  #heard: bigint;
  readonly #resets = new MergedEvents<undefined>({ pace: 0, toEvents: () => [{ type: 'reset' }] });
  readonly #deleted = new MergedEvents<string>({
    pace: 0,
    toEvents: (ids) => ids.map((searchId) => ({ type: 'deleted', searchId })),
  });
  readonly #trials: MergedEvents<TrialStatus>;
  readonly #leaderboards: MergedEvents<News['leaderboards'][number]>;
  readonly #searches: MergedEvents<SearchStatus>;
  /** In the order in which they are told: who hears that a search has ended has heard of its trials. */
  readonly #kinds: readonly Kind[];

  constructor(paces: Paces, since: bigint) {
    this.#heard = since;
    this.#trials = new MergedEvents({ pace: paces.trials, toEvents: (all) => [{ type: 'trials', trials: [...all] }] });
    this.#leaderboards = new MergedEvents({
      pace: paces.leaderboard,
      toEvents: (all) => all.map(({ id, revision }) => ({ type: 'leaderboard', searchId: id, revision })),
    });
    this.#searches = new MergedEvents({
      pace: paces.search,
      toEvents: (all) => all.map((search) => ({ type: 'search', search })),
    });
    this.#kinds = [this.#resets, this.#trials, this.#leaderboards, this.#searches, this.#deleted];
  }

  /** Where somebody goes on who has read all that was taken: before the oldest of what is still to be told. */
  get cursor(): bigint {
    return this.#kinds.reduce((oldest, { from }) => (from !== undefined && from < oldest ? from : oldest), this.#heard);
  }

  add(news: News): void {
    this.#put(this.#trials, news.trials);
    this.#put(this.#leaderboards, news.leaderboards);
    this.#put(this.#searches, news.searches);
    for (const id of news.deleted) this.#deleted.put(id, id, this.#heard);
    if (news.isReset) this.#resets.put('', undefined, this.#heard);
    // News for all that read may be older than what was read for this one when it began.
    if (news.cursor > this.#heard) this.#heard = news.cursor;
  }

  /** Takes out what may be told by now; all there is at `Infinity`. */
  take(now: number): SentEvent[] {
    return this.#kinds
      .filter(({ dueAt }) => dueAt !== undefined && dueAt <= now)
      .flatMap((kind) => {
        const before = this.cursor;
        const events = kind.take(now);
        const after = this.cursor;
        return events.map((event, place) => ({ event, cursor: place === events.length - 1 ? after : before }));
      });
  }

  /** When there will be something to take; undefined while there is nothing. */
  nextAt(): number | undefined {
    const times = this.#kinds.map(({ dueAt }) => dueAt).filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #put<T extends { readonly id: string }>(kind: MergedEvents<T>, items: readonly T[]): void {
    for (const item of items) kind.put(item.id, item, this.#heard);
    if (kind.size <= mostChanges) return;
    this.#resets.put('', undefined, kind.from ?? this.#heard);
    kind.clear();
  }
}
