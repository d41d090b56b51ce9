import type { SearchStatus, TrialStatus } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { mostChanges, type News } from '../../src/events/news.ts';
import { PendingEvents } from '../../src/events/pending-events.ts';

const paces = { trials: 10, leaderboard: 30, search: 20 };

// What is told of each is not looked into.
function trial(id: string, step = 0): TrialStatus {
  return { id, step } as TrialStatus;
}

function search(id: string, revision = 0): SearchStatus {
  return { id, revision } as SearchStatus;
}

function news(cursor: bigint, parts: Partial<News> = {}): News {
  return { cursor, searches: [], trials: [], leaderboards: [], deleted: [], isReset: false, ...parts };
}

describe('what a reader has still to be told', () => {
  it('is of each thing its last state alone', () => {
    const pending = new PendingEvents(paces, 1n);
    pending.add(news(2n, { trials: [trial('a', 1), trial('b', 1)] }));
    pending.add(news(3n, { trials: [trial('a', 2)] }));
    expect(pending.take(0)).toEqual([
      { event: { type: 'trials', trials: [trial('a', 2), trial('b', 1)] }, cursor: 3n },
    ]);
    expect(pending.take(100)).toEqual([]);
  });

  it('is told no faster than its kind may be, the first time at once', () => {
    const pending = new PendingEvents(paces, 1n);
    const told = (now: number): string[] => {
      pending.add(news(2n, { trials: [trial('a')], searches: [search('s')], leaderboards: [search('s')] }));
      return pending.take(now).map(({ event }) => event.type);
    };
    expect(told(100)).toEqual(['trials', 'leaderboard', 'search']);
    expect(pending.nextAt()).toBeUndefined();
    expect(told(109)).toEqual([]);
    expect(pending.nextAt()).toBe(110);
    expect(told(110)).toEqual(['trials']);
    expect(pending.nextAt()).toBe(120);
    expect(told(120)).toEqual(['trials', 'search']);
    expect(told(129)).toEqual([]);
    expect(told(130)).toEqual(['trials', 'leaderboard']);
    expect(told(Infinity)).toEqual(['trials', 'leaderboard', 'search']);
  });

  it('has no cursor beyond what is still to be told', () => {
    const pending = new PendingEvents(paces, 1n);
    pending.add(news(2n, { searches: [search('s')] }));
    pending.take(0);
    expect(pending.cursor).toBe(2n);
    pending.add(news(5n, { searches: [search('s', 1)] }));
    pending.add(news(9n, { trials: [trial('a')] }));
    // Of the search it is told from 2 on, which has not been said yet.
    expect(pending.take(10)).toEqual([{ event: { type: 'trials', trials: [trial('a')] }, cursor: 2n }]);
    expect(pending.take(20)).toEqual([{ event: { type: 'search', search: search('s', 1) }, cursor: 9n }]);
  });

  it('goes on from the last of several events of one kind', () => {
    const pending = new PendingEvents(paces, 1n);
    pending.add(news(2n, { searches: [search('s'), search('t')], deleted: ['u'] }));
    expect(pending.take(0).map(({ event, cursor }) => [event.type, cursor])).toEqual([
      ['search', 1n],
      ['search', 1n],
      ['deleted', 2n],
    ]);
  });

  it('is that all is to be read again where it would be too much, however slow the reader is', () => {
    const pending = new PendingEvents(paces, 1n);
    const many = Array.from({ length: mostChanges }, (_, place) => trial(String(place)));
    pending.add(news(2n, { trials: many }));
    pending.add(news(3n, { trials: [trial('one more')] }));
    expect(pending.take(0)).toEqual([{ event: { type: 'reset' }, cursor: 3n }]);
  });

  it('keeps its cursor where older news come later', () => {
    const pending = new PendingEvents(paces, 8n);
    pending.add(news(5n, { trials: [trial('a')] }));
    expect(pending.take(0)).toMatchObject([{ cursor: 8n }]);
  });
});
