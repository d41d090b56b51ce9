import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { expectMeans } from '../src/expectations.ts';

function measured(...rows: readonly (readonly number[])[]) {
  return rows.map((accuracies) => ({ seeds: accuracies.map((_, index) => index + 1), accuracies }));
}

describe('what is expected of true means', () => {
  it('is unknown where no two candidates have two seeds in common', () => {
    expect(expectMeans(measured([0.9], [0.91], [0.92]))).toBeNull();
    expect(expectMeans(measured([0.9, 0.92], [0.91], [0.92]))).toBeNull();
  });

  it('is the measured mean where nothing is left to chance', () => {
    expect(expectMeans(measured([0.9, 0.9], [0.8, 0.8]))?.map(({ mean, variance }) => [mean, variance])).toEqual([
      [expect.closeTo(0.9, 12), 0],
      [expect.closeTo(0.8, 12), 0],
    ]);
  });

  it('is drawn towards the mean of all, a single training more than many', () => {
    const many = [0.96, 0.94, 0.95, 0.97, 0.93, 0.95];
    const [leader, , single] = expectMeans(measured(many, [0.91, 0.93, 0.92, 0.9, 0.94, 0.92], [0.99])) ?? [];
    // The mean of all is 0.953: the leader of many trainings hardly moves towards it, the single one much.
    expect(leader?.mean).toBeCloseTo(0.95, 3);
    expect(single?.mean).toBeLessThan(0.988);
    expect(single?.mean).toBeGreaterThan(0.953);
    expect(single?.variance).toBeGreaterThan(leader?.variance ?? 0);
  });

  it('does not give a candidate credit for a seed that is lucky for all', () => {
    // Seed 1 adds 0.02 to all. The third candidate has that seed alone and is as good as the second one without it.
    const rows = measured([0.97, 0.951, 0.949, 0.95], [0.96, 0.939, 0.941, 0.94], [0.96]);
    const [first, second, third] = expectMeans(rows) ?? [];
    expect(first?.mean).toBeGreaterThan(third?.mean ?? 1);
    expect(Math.abs((second?.mean ?? 0) - (third?.mean ?? 1))).toBeLessThan(0.004);
  });

  it('moves with the accuracies, and scales with them', () => {
    const accuracies = fc.array(
      fc.integer({ min: 0, max: 100 }).map((points) => points / 1000),
      {
        minLength: 2,
        maxLength: 4,
      },
    );
    fc.assert(
      fc.property(fc.array(accuracies, { minLength: 3, maxLength: 6 }), (rows) => {
        const plain = expectMeans(measured(...rows)) ?? [];
        const moved = expectMeans(measured(...rows.map((row) => row.map((value) => 3 * value + 0.5)))) ?? [];
        for (const [index, { mean, variance }] of moved.entries()) {
          expect(mean).toBeCloseTo(3 * (plain[index]?.mean ?? 0) + 0.5, 9);
          expect(variance).toBeCloseTo(9 * (plain[index]?.variance ?? 0), 9);
        }
      }),
    );
  });
});
