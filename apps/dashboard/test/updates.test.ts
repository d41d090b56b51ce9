import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { type Changes, follow, type Followed, type Reading } from '../src/updates.ts';

interface Page {
  readonly tab: EventTarget & { hidden: boolean };
  readonly followed: Followed;
  readonly readings: Reading<number>[];
  readonly reads: () => number;
}

let page: Page | undefined;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  page?.followed.end();
  vi.useRealTimers();
});

/** Follows a number that is one more with every reading, and final at 100. */
async function open(changes?: Changes, read: (count: number) => number = (count) => count): Promise<Page> {
  const tab = Object.assign(new EventTarget(), { hidden: false });
  const readings: Reading<number>[] = [];
  let reads = 0;
  const followed = follow<number>({
    tab,
    read: () => {
      reads += 1;
      return new Promise((resolve) => resolve(read(reads)));
    },
    isFinal: (value) => value >= 100,
    onReading: (reading) => readings.push(reading),
    changes,
  });
  page = { tab, followed, readings, reads: () => reads };
  await vi.advanceTimersByTimeAsync(0);
  return page;
}

interface Source {
  readonly changes: Changes;
  /** Of every connection, whether it is still there. */
  readonly connections: AbortSignal[];
  readonly change: () => void;
  readonly end: () => void;
}

/** Changes that the test makes. */
function source(): Source {
  const connections: AbortSignal[] = [];
  let wake: (goesOn: boolean) => void = () => undefined;
  return {
    connections,
    change: () => wake(true),
    end: () => wake(false),
    changes: async function* (signal) {
      connections.push(signal);
      signal.addEventListener('abort', () => wake(false));
      while (await new Promise<boolean>((resolve) => (wake = resolve))) yield 'change';
    },
  };
}

describe('what is followed', () => {
  it('is read when something has changed, and only now and then where nothing has', async () => {
    const { changes, change } = source();
    const { reads } = await open(changes);
    expect(reads()).toBe(1);
    await vi.advanceTimersByTimeAsync(9000);
    expect(reads()).toBe(1);
    change();
    await vi.advanceTimersByTimeAsync(0);
    expect(reads()).toBe(2);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reads()).toBe(3);
  });

  it('is read every second where nobody tells of changes', async () => {
    const { reads } = await open();
    await vi.advanceTimersByTimeAsync(5000);
    expect(reads()).toBe(6);
  });

  it('is read again after a second where the changes have ended, and listened to anew', async () => {
    const { changes, connections, end } = source();
    const { reads } = await open(changes);
    end();
    await vi.advanceTimersByTimeAsync(1000);
    expect(reads()).toBe(2);
    expect(connections).toHaveLength(2);
  });

  it('is not listened to while it cannot be read, and keeps what was read last', async () => {
    const { changes, connections, end } = source();
    const { readings } = await open(changes, (count) => {
      if (count === 2) throw new Error('away');
      return count;
    });
    end();
    await vi.advanceTimersByTimeAsync(1000);
    expect(readings.at(-1)).toMatchObject({ value: 1, error: new Error('away') });
    expect(connections).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2000);
    expect(readings.at(-1)).toMatchObject({ value: 3, error: undefined });
    expect(connections).toHaveLength(2);
  });

  it('is read no more when it is final, until something is done to it', async () => {
    const { changes, connections } = source();
    const { reads, followed } = await open(changes, () => 100);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reads()).toBe(1);
    expect(connections).toHaveLength(0);
    followed.now();
    expect(reads()).toBe(2);
  });

  it('is let go of in a tab that has been hidden for a while, and listened to when it is shown', async () => {
    const { changes, connections } = source();
    const { tab } = await open(changes);
    tab.hidden = true;
    tab.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(29_000);
    expect(connections.map(({ aborted }) => aborted)).toEqual([false]);
    await vi.advanceTimersByTimeAsync(61_000);
    expect(connections.map(({ aborted }) => aborted)).toEqual([true]);
    tab.hidden = false;
    tab.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(0);
    expect(connections.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('is let go of at its end', async () => {
    const { changes, connections } = source();
    const { followed, reads } = await open(changes);
    followed.end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(connections.map(({ aborted }) => aborted)).toEqual([true]);
    expect(reads()).toBe(1);
  });
});
