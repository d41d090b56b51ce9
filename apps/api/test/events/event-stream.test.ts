import type { SearchStatus, TrialStatus } from '@compound-search/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { EventStream } from '../../src/events/event-stream.ts';
import type { News } from '../../src/events/news.ts';

const sending = { paces: { trials: 0, leaderboard: 0, search: 0 }, heartbeatMilliseconds: 1000 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function news(cursor: bigint, parts: Partial<News> = {}): News {
  return { cursor, searches: [], trials: [], leaderboards: [], deleted: [], isReset: false, ...parts };
}

function step(number: number): News {
  return news(BigInt(number), { trials: [{ id: 'a', step: number } as TrialStatus] });
}

/** What there is to be read now. */
function read(stream: EventStream): string {
  return String(stream.read() ?? '');
}

describe('the stream of a reader', () => {
  it('does not grow while nothing is read, and tells the last state then', () => {
    const stream = new EventStream(undefined, sending);
    stream.open(1n, news(1n));
    for (let number = 2; number < 10_000; number += 1) stream.tell(step(number));
    expect(stream.readableLength).toBeLessThanOrEqual(2 * stream.readableHighWaterMark);
    const events = (read(stream) + read(stream)).split('\n\n').filter((event) => event !== '');
    expect(events.length).toBeLessThan(9_999);
    expect(events.at(-1)).toBe('id: 9999\ndata: {"type":"trials","trials":[{"id":"a","step":9999}]}');
    stream.destroy();
  });

  it('lets go of a reader that takes nothing for four heartbeats', () => {
    const stream = new EventStream(undefined, sending);
    stream.open(1n, news(1n));
    for (let number = 2; number < 1000; number += 1) stream.tell(step(number));
    vi.advanceTimersByTime(3999);
    expect(stream.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(stream.destroyed).toBe(true);
  });

  it('tells what it heard before it was opened', () => {
    const stream = new EventStream(undefined, sending);
    stream.tell(step(5));
    stream.open(1n, news(3n));
    expect(read(stream)).toContain('id: 5\ndata: {"type":"trials"');
    stream.destroy();
  });

  it('ends after the state in which its search has ended, whatever the paces', () => {
    const stream = new EventStream('s', { ...sending, paces: { trials: 60_000, leaderboard: 60_000, search: 60_000 } });
    stream.open(1n, { ...step(2), searches: [{ id: 's', state: 'running' } as SearchStatus] });
    stream.tell({ ...step(3), searches: [{ id: 's', state: 'completed' } as SearchStatus] });
    const types = Array.from(read(stream).matchAll(/"type":"(\w+)"/gu), ([, type]) => type);
    expect(types).toEqual(['cursor', 'trials', 'search', 'trials', 'search', 'ended']);
    expect(vi.getTimerCount()).toBe(1);
    stream.destroy();
  });
});
