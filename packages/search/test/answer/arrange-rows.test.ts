import { type LeaderboardRow, type LeaderboardSortKey, leaderboardSortKeys } from '@compound-search/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { arrangeRows, isWholeByRank } from '../../src/answer/arrange-rows.ts';

function row(rank: number | null, changes: Partial<LeaderboardRow> = {}): LeaderboardRow {
  return {
    candidateId: `candidate ${rank ?? 'unranked'}`,
    fingerprint: `network ${rank ?? 'unranked'}`,
    multipliers: { depth: 1, width: 1, resolution: 1 },
    resolution: [20, 20],
    repeats: [1],
    channels: [8],
    parameters: 100,
    macs: 1000,
    macsRatio: 2,
    activations: 10,
    enlarges: false,
    points: [{ alpha: 1, beta: 1, gamma: 1, product: 1 }],
    rank,
    validationAccuracy: rank === null ? null : { mean: 1 - rank / 10, standardError: null, seeds: 1 },
    tied: rank === 1,
    probabilityBest: null,
    validationLoss: null,
    expectedLoss: null,
    expectedAccuracy: null,
    behindBest: null,
    paretoOptimal: rank === 1 || rank === 2,
    reward: rank,
    trials: {
      total: 2,
      queued: 0,
      running: 0,
      completed: rank === null ? 0 : 2,
      failed: 0,
      cancelled: 0,
      paused: 0,
      failedBy: { training: 0, infrastructure: 0 },
    },
    ...changes,
  };
}

function ranks(rows: readonly LeaderboardRow[]): (number | null)[] {
  return rows.map(({ rank }) => rank);
}

const rows = [
  row(1, { macs: 3000 }),
  row(2, { macs: 1000 }),
  row(3, { macs: 2000 }),
  row(4, { macs: 1000 }),
  row(null),
];

describe('arrangeRows', () => {
  it.each([
    ['macs', undefined, [2, 4, null, 3, 1]],
    ['macs', 'descending', [1, 3, 2, 4, null]],
    ['accuracy', undefined, [1, 2, 3, 4, null]],
    ['accuracy', 'ascending', [4, 3, 2, 1, null]],
    ['rank', 'descending', [4, 3, 2, 1, null]],
    ['probabilityBest', undefined, [1, 2, 3, 4, null]],
    ['trials', undefined, [1, 2, 3, 4, null]],
  ] as const)('sorts by %s, %s', (sort, order, expected) => {
    expect(ranks(arrangeRows(rows, { sort, order }))).toEqual(expected);
  });

  it('keeps the rows that pass every filter', () => {
    expect(ranks(arrangeRows(rows, { sort: 'rank', tied: true }))).toEqual([1]);
    expect(ranks(arrangeRows(rows, { sort: 'rank', tied: false, minimumTrials: 1 }))).toEqual([2, 3, 4]);
    expect(ranks(arrangeRows(rows, { sort: 'rank', maximumMacs: 2000, minimumTrials: 2 }))).toEqual([2, 3, 4]);
    expect(ranks(arrangeRows(rows, { sort: 'reward', paretoOptimal: true }))).toEqual([2, 1]);
    expect(arrangeRows(rows, { sort: 'rank', maximumParameters: 99 })).toEqual([]);
  });

  it('loses no row and makes none up, whatever it sorts by', () => {
    const key = fc.constantFrom<LeaderboardSortKey>(...leaderboardSortKeys);
    fc.assert(
      fc.property(key, fc.constantFrom('ascending' as const, 'descending' as const), (sort, order) => {
        const arranged = arrangeRows(rows, { sort, order });
        expect(new Set(arranged)).toEqual(new Set(rows));
        expect(arranged).toHaveLength(rows.length);
      }),
    );
  });
});

describe('isWholeByRank', () => {
  it('holds for the leaderboard as it is alone', () => {
    expect(isWholeByRank({ sort: 'rank' })).toBe(true);
    expect(isWholeByRank({ sort: 'rank', order: 'ascending', tied: undefined })).toBe(true);
    expect(isWholeByRank({ sort: 'rank', minimumTrials: 0 })).toBe(false);
    expect(isWholeByRank({ sort: 'macs' })).toBe(false);
    expect(isWholeByRank({ sort: 'rank', order: 'descending' })).toBe(false);
  });
});
