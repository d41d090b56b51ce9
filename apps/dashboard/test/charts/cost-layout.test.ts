import type { LeaderboardRow } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { type CandidateMark, discs, nearestMark } from '../../src/charts/candidate-marks.ts';
import { layOutCosts, paddedRange } from '../../src/charts/cost-layout.ts';

const frame = { width: 500, height: 300, left: 50, right: 10, top: 10, bottom: 40 };

function mark(candidateId: string, macsRatio: number, mean: number | undefined, error?: number): CandidateMark {
  const bounds = mean === undefined || error === undefined ? undefined : ([mean - error, mean + error] as const);
  const value = mean === undefined ? undefined : { mean, bounds };
  return { candidateId, row: {} as LeaderboardRow, value, macsRatio, isTied: false, places: [] };
}

describe('the picture of accuracy against cost', () => {
  it('has dearer candidates further to the right and better ones higher, within its frame', () => {
    const { marks } = layOutCosts([mark('a', 1.9, 0.8, 0.01), mark('b', 2.6, 0.9, 0.02)], frame, false);
    const [a, b] = marks;
    expect(b?.x).toBeGreaterThan(a?.x ?? NaN);
    expect(b?.y).toBeLessThan(a?.y ?? NaN);
    const across = marks.map(({ x }) => x);
    const down = marks.flatMap(({ y, bar }) => [y, ...(bar ?? [])]);
    expect([Math.min(...across) >= frame.left, Math.max(...across) <= frame.width - frame.right]).toEqual([true, true]);
    expect([Math.min(...down) >= frame.top, Math.max(...down) <= frame.height - frame.bottom]).toEqual([true, true]);
  });

  it('has smaller losses higher', () => {
    const { marks } = layOutCosts([mark('a', 2, 0.4), mark('b', 2.1, 0.2)], frame, true);
    expect(marks[1]?.y).toBeLessThan(marks[0]?.y ?? NaN);
  });

  it('leaves out what has no result, and gives no bar to what has one seed', () => {
    const { marks } = layOutCosts([mark('a', 2, undefined), mark('b', 2, 0.9)], frame, false);
    expect(marks).toMatchObject([{ candidateId: 'b', bar: undefined }]);
    expect(layOutCosts([mark('a', 2, undefined)], frame, false).marks).toEqual([]);
  });

  it('names neighbouring ticks differently, however little the accuracies differ', () => {
    const { yTicks } = layOutCosts([mark('a', 2, 0.9), mark('b', 2.1, 0.9005)], frame, false);
    const texts = yTicks.map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(1);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('has room around a single candidate', () => {
    expect(paddedRange([2], 0.5)).toEqual([1.75, 2.25]);
  });
});

describe('a click in a picture', () => {
  const marks = [
    { candidateId: 'a', x: 0, y: 0 },
    { candidateId: 'b', x: 10, y: 0 },
  ];

  it('means the nearest mark within reach', () => {
    expect(nearestMark(marks, 6, 1, 5)?.candidateId).toBe('b');
    expect(nearestMark(marks, 5, 40, 20)).toBeUndefined();
  });

  it('finds marks that are drawn as one path', () => {
    expect(discs(marks, 2).match(/M/g)).toHaveLength(2);
  });
});
