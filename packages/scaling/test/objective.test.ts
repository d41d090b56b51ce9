import { describe, expect, it } from 'vitest';

import { objective } from '../src/index.ts';

describe("the paper's objective", () => {
  const target = 4e8;

  it.each([
    ['B0', 0.771, 385_814_752, 0.7729512],
    ['B1', 0.791, 686_802_832, 0.7616272],
    ['B3', 0.816, 1_827_141_392, 0.7336861],
  ])('of %s (accuracy %d, %d MACs) against 400 M is %d', (_name, accuracy, macs, value) => {
    expect(objective(accuracy, macs, { target })).toBeCloseTo(value, 7);
  });

  it('asks 4.97 % more accuracy for twice the cost', () => {
    expect(1 / objective(1, 2, { target: 1 })).toBeCloseTo(1.0497, 4);
    expect(objective(1, 2, { target: 1 })).toBeCloseTo(0.952638, 6);
  });

  it('is the accuracy itself at the target, and everywhere with exponent 0', () => {
    expect(objective(0.8, target, { target })).toBe(0.8);
    expect(objective(0.8, 1, { target, exponent: 0 })).toBe(0.8);
  });

  it.each([-0.1, 1.1, 77.1, Number.NaN])('refuses %d, which is no fraction', (accuracy) => {
    expect(() => objective(accuracy, 1, { target })).toThrow(
      expect.objectContaining({ code: 'COEFFICIENT_INVALID', field: 'accuracy' }),
    );
  });

  it('refuses a cost or target that is not positive', () => {
    expect(() => objective(0.5, 0, { target })).toThrow(expect.objectContaining({ field: 'cost' }));
    expect(() => objective(0.5, 1, { target: -1 })).toThrow(expect.objectContaining({ field: 'target' }));
  });
});
