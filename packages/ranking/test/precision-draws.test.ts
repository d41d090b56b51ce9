import { describe, expect, it } from 'vitest';

import { fitAdditively } from '../src/additive-fit.ts';
import { drawCount, drawPrecisions, expectVariances } from '../src/precision-draws.ts';

/** Accuracies around a mean, with these deviations times a scale: one for each seed from 1 on. */
function trained(mean: number, scale: number, deviations: readonly number[]) {
  return { seeds: deviations.map((_, index) => index + 1), accuracies: deviations.map((one) => mean + scale * one) };
}

/** Eight deviations with a sum of 0 and a variance of 1, for each of ten candidates another order of them. */
const deviations = [1.5, -1.25, 0.75, -0.5, 0.25, -1, 1, -0.75].map((one) => one / Math.sqrt(1.107));
const orders = Array.from({ length: 10 }, (_, shift) =>
  deviations.map((_, index) => deviations[(index * (shift % 2 === 0 ? 3 : 5) + shift) % 8] ?? 0),
);

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

describe('how precise the trainings of candidates are', () => {
  it('is taken for equal where they vary alike, and where nothing tells', () => {
    const alike = orders.map((order, index) => trained(0.9 + index / 100, 0.005, order));
    const single = orders.map((order, index) => trained(0.9 + index / 100, 0.005, order.slice(0, 1)));
    for (const measured of [alike, single, []]) {
      expect(drawPrecisions(measured)).toEqual([{ precisions: measured.map(() => 1), count: drawCount }]);
    }
  });

  it('is less for a candidate that varies more, and not the same in all draws', () => {
    const scales = [0.001, 0.02, 0.004, 0.001, 0.012, 0.002, 0.008, 0.001, 0.02, 0.003];
    const draws = drawPrecisions(orders.map((order, index) => trained(0.9, scales[index] ?? 0, order)));
    expect(draws.reduce((sum, { count }) => sum + count, 0)).toBe(drawCount);
    const ofCandidate = (index: number): number[] => draws.map(({ precisions }) => precisions[index] ?? 0);
    // A variance 20 ^ 2 times as large; seeds that all share hide part of that.
    expect(geometricMean(ofCandidate(0)) / geometricMean(ofCandidate(1))).toBeGreaterThan(50);
    expect(new Set(ofCandidate(2)).size).toBeGreaterThan(1);
  });

  it('is expected between its own and that of all, nearer to its own the more it was trained', () => {
    const noisy = (count: number) => [
      ...orders.slice(1).map((order) => trained(0.9, 0.002, order)),
      trained(0.9, 0.02, (orders[0] ?? []).slice(0, count)),
    ];
    const variances = [2, 8].map((count) => expectVariances(fitAdditively(noisy(count)))?.at(-1) ?? 0);
    expect(variances[0]).toBeGreaterThan(0.002 ** 2);
    expect(variances[1]).toBeGreaterThan(variances[0] ?? 0);
    expect(variances[1]).toBeLessThan(0.025 ** 2);
  });

  it('is not expected without a second training', () => {
    expect(expectVariances(fitAdditively([trained(0.9, 1, [0.01]), trained(0.8, 1, [0.02])]))).toBeNull();
  });
});
