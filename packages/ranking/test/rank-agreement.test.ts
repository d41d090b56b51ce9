import { describe, expect, it } from 'vitest';

import { agreeRankings, type MeasuredCandidate, rankWithTies } from '../src/index.ts';

/** A candidate of which each seed is that much off its mean. */
function candidate(name: string, mean: number, offsets: readonly number[], failedTraining = false): MeasuredCandidate {
  return {
    fingerprint: name,
    macs: 1,
    seeds: offsets.map((_, seed) => seed),
    accuracies: offsets.map((offset) => mean + offset),
    failedTraining,
  };
}

const names = ['a', 'b', 'c', 'd', 'e'];
const means = [0.95, 0.94, 0.93, 0.92, 0.91];

/** Noise of each candidate and seed, with the given size and a mean of 0 over the seeds. */
function side(order: readonly number[], size: number): MeasuredCandidate[] {
  return names.map((name, index) => {
    const noise = [1, -1, 0].map((_, seed) => size * Math.sin(7 * index + 3 * seed));
    const centre = noise.reduce((sum, value) => sum + value / 3, 0);
    return candidate(
      name,
      order[index] ?? 0,
      noise.map((value) => value - centre),
    );
  });
}

describe('how far two rankings agree', () => {
  it('is certain where seeds change little, and open where they change more than candidates differ', () => {
    const quiet = agreeRankings(
      { candidates: side(means, 1e-5), rows: names },
      { candidates: side(means, 1e-5), rows: names },
    );
    expect(quiet.spearman).toMatchObject({ measured: 1, interval: [1, 1] });
    expect(quiet.kendall).toMatchObject({ measured: 1, interval: [1, 1] });
    const noisy = agreeRankings(
      { candidates: side(means, 0.05), rows: names },
      { candidates: side(means, 0.05), rows: names },
    );
    const [low = 0, high = 0] = noisy.spearman?.interval ?? [];
    expect(noisy.spearman?.measured).toBe(1);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0.5);
    // Means that only luck has set apart are pulled together: an order of them is hardly expected again.
    expect(noisy.spearman?.expected ?? 1).toBeLessThan(0.7);
  });

  it('is that of the rows alone, in their own order', () => {
    const reversed = side(means.toReversed(), 1e-5);
    const { spearman } = agreeRankings(
      { candidates: side(means, 1e-5), rows: ['a', 'c', 'e'] },
      { candidates: reversed, rows: ['a', 'c', 'e'] },
    );
    expect(spearman).toMatchObject({ measured: -1, interval: [-1, -1] });
  });

  it('is without an interval where one side has one seed', () => {
    const single = names.map((name, index) => candidate(name, means[index] ?? 0, [0]));
    const { spearman } = agreeRankings(
      { candidates: single, rows: names },
      { candidates: side(means, 0.01), rows: names },
    );
    expect(spearman).toEqual({ measured: 1, expected: null, interval: null });
  });

  it('puts a candidate of which a training failed behind all others', () => {
    const failed = [candidate('a', 0.99, [0, 0], true), ...side(means, 1e-5).slice(1)];
    expect(rankWithTies(failed)).toEqual([5, 1, 2, 3, 4]);
    const { spearman } = agreeRankings(
      { candidates: side(means, 1e-5), rows: names },
      { candidates: failed, rows: names },
    );
    // Differences of ranks 4, 1, 1, 1, 1: rho = 1 - 6 * 20 / (5 * 24).
    expect(spearman?.measured).toBeCloseTo(0, 12);
    expect(spearman?.interval?.[0]).toBeCloseTo(0, 12);
  });

  it('lets rows that have become one network share their rank', () => {
    const { spearman } = agreeRankings(
      { candidates: side(means, 1e-5), rows: ['a', 'b', 'c'] },
      { candidates: side(means, 1e-5), rows: ['a', 'a', 'c'] },
    );
    // Ranks 1 2 3 against 1.5 1.5 3: products 0.5 + 0 + 1, squares 2 and 1.5.
    expect(spearman?.measured).toBeCloseTo(1.5 / Math.sqrt(2 * 1.5), 12);
    expect(spearman?.interval?.[1]).toBeCloseTo(1.5 / Math.sqrt(2 * 1.5), 12);
  });

  it('is unknown for fewer than three rows with a result on both sides', () => {
    const untrained = [candidate('a', 0, []), candidate('b', 0, []), ...side(means, 0.01).slice(2)];
    expect(
      agreeRankings(
        { candidates: side(means, 0.01), rows: names.slice(0, 4) },
        { candidates: untrained, rows: names.slice(0, 4) },
      ),
    ).toEqual({ spearman: null, kendall: null });
  });
});
