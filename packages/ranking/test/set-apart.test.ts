import { describe, expect, it } from 'vitest';

import { findSetApart } from '../src/set-apart.ts';

function trained(...accuracies: readonly number[]) {
  const mean = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length;
  return { seeds: accuracies.map((_, index) => index + 1), accuracies, mean, failedTraining: false };
}

describe('a candidate that is set apart', () => {
  it('has collapsed, or trains erratically below the better half', () => {
    const sound = [0.95, 0.948, 0.946, 0.944].map((mean) =>
      trained(...[0.002, -0.002, 0.001, -0.001, 0, 0.0015].map((one, index) => mean + (index % 2 === 0 ? one : -one))),
    );
    const noisy = sound.map((one, index) => ({
      ...one,
      accuracies: one.accuracies.map((value, seed) => value + 0.001 * Math.sin(7 * index + 3 * seed)),
    }));
    const collapsed = trained(0.1, 0.1, 0.11);
    const erratic = trained(0.95, 0.6, 0.94, 0.7, 0.93, 0.8);
    expect(findSetApart([...noisy, collapsed, erratic])).toEqual([false, false, false, false, true, true]);
  });

  it('is none whose trainings differ by what chance makes of few: two that agree say little of the spread', () => {
    expect(findSetApart([trained(0.9501, 0.9522), trained(0.949, 0.9512), trained(0.944, 0.956)])).toEqual([
      false,
      false,
      false,
    ]);
  });
});
