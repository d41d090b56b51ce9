import { type AxisValues, CompoundSearchError } from '@compound-search/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { axisLength, type AxisLimits, expandAxis } from '../src/index.ts';

function thrown(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The error with which an axis is refused, whether it is only counted or expanded. */
function refusal(axis: AxisValues, limits?: AxisLimits): CompoundSearchError {
  const counted = thrown(() => axisLength('alpha', axis, limits));
  const expanded = thrown(() => expandAxis('alpha', axis, limits));
  expect(counted).toEqual(expanded);
  if (!(expanded instanceof CompoundSearchError)) throw new Error('It was not refused.', { cause: expanded });
  return expanded;
}

describe('expanding a range', () => {
  it('gives 21 values from 1 to 2 by 0.05, each exactly the number that is written so', () => {
    expect(expandAxis('alpha', { from: 1, to: 2, step: 0.05 })).toEqual([
      1, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.35, 1.4, 1.45, 1.5, 1.55, 1.6, 1.65, 1.7, 1.75, 1.8, 1.85, 1.9, 1.95, 2,
    ]);
  });

  it('ends at 1.4 where 0.05 does not reach 1.42, and at 1.42 where 0.02 does', () => {
    expect(expandAxis('beta', { from: 1, to: 1.42, step: 0.05 }).at(-1)).toBe(1.4);
    expect(expandAxis('beta', { from: 1, to: 1.42, step: 0.02 })).toHaveLength(22);
    expect(expandAxis('beta', { from: 1, to: 1.42, step: 0.02 }).at(-1)).toBe(1.42);
  });

  it('agrees with whole-number arithmetic for any start, step and count of decimal fractions', () => {
    const decimalRange = fc.record({
      decimals: fc.integer({ min: 0, max: 8 }),
      first: fc.integer({ min: 0, max: 10_000 }),
      stride: fc.integer({ min: 1, max: 10_000 }),
      steps: fc.integer({ min: 0, max: 300 }),
      rest: fc.double({ min: 0, max: 0.99, noNaN: true }),
    });
    fc.assert(
      fc.property(decimalRange, ({ decimals, first, stride, steps, rest }) => {
        // A quotient of two exact integers is the double nearest to the fraction: an independent way to the literal.
        const scale = 10 ** decimals;
        const start = scale + first;
        const at = (index: number): number => (start + index * stride) / scale;
        const axis = { from: at(0), to: at(steps + rest), step: stride / scale };
        fc.pre(axis.to <= 1000);
        const values = expandAxis('alpha', axis);
        expect(values).toEqual(Array.from({ length: steps + 1 }, (_, index) => at(index)));
        expect(axisLength('alpha', axis)).toBe(steps + 1);
      }),
    );
  });

  it('reaches the end with a step that is no decimal fraction', () => {
    const thirds = expandAxis('alpha', { from: 1, to: 2, step: 1 / 3 });
    expect(thirds).toHaveLength(4);
    expect(thirds[1]).toBeCloseTo(4 / 3, 15);
    expect(thirds[3]).toBe(2);
    expect(expandAxis('alpha', { from: 1, to: 1.6, step: 0.1 + 0.2 })).toEqual([1, 1.3, 1.6]);
  });

  it('gives one value where from equals to, whatever the step', () => {
    expect(expandAxis('gamma', { from: 1.15, to: 1.15, step: 0.1 })).toEqual([1.15]);
    expect(expandAxis('gamma', { from: 1.15, to: 1.15, step: Number.MIN_VALUE })).toEqual([1.15]);
    expect(expandAxis('gamma', { from: 1.15, to: 1.2, step: Number.MAX_VALUE })).toEqual([1.15]);
  });

  it('understands numbers that print with an exponent', () => {
    expect(axisLength('alpha', { from: 1, to: 1.000001, step: 1e-7 })).toBe(11);
    expect(expandAxis('alpha', { from: 1, to: 1.000001, step: 1e-7 })[3]).toBe(1.0000003);
    expect(expandAxis('alpha', { from: 1, to: 2, step: 1e21 })).toEqual([1]);
  });
});

describe('a list', () => {
  it('is sorted', () => {
    expect(expandAxis('alpha', [1.2, 1, 1.1])).toEqual([1, 1.1, 1.2]);
  });

  it('may hold values that differ by little more than a rounding error', () => {
    expect(expandAxis('alpha', [1.2, 1.20000001])).toEqual([1.2, 1.20000001]);
  });

  it('is not changed itself', () => {
    const list = [2, 1];
    expandAxis('alpha', list);
    expect(list).toEqual([2, 1]);
  });
});

describe('an axis is refused', () => {
  const invalid: [string, AxisValues, string, unknown][] = [
    ['an empty list', [], 'grid.alpha', []],
    ['a value below 1', [1, 0.9], 'grid.alpha[1]', 0.9],
    ['a value twice', [1, 1.1, 1], 'grid.alpha[2]', 1],
    ['a value twice but for a rounding error', [1, 1.2, 1.2000000000000002], 'grid.alpha[2]', 1.2000000000000002],
    ['such a value in any order', [1.2000000000000002, 1, 1.2], 'grid.alpha[2]', 1.2],
    ['a product that is another value', [3.3, 1.1 * 3], 'grid.alpha[1]', 3.3000000000000003],
    ['the first of several repetitions', [1, 2, 2, 1], 'grid.alpha[2]', 2],
    ['minus zero', [-0], 'grid.alpha[0]', -0],
    ['a step that no value shows', { from: 1, to: 1.0000000000000002, step: 1e-17 }, 'grid.alpha.step', 1e-17],
    ['a step that no network shows', { from: 1, to: 1.00000001, step: 1e-11 }, 'grid.alpha.step', 1e-11],
    ['such a step among large values', { from: 999, to: 999.0000001, step: 1e-7 }, 'grid.alpha.step', 1e-7],
    ['a start of minus zero', { from: -0, to: 2, step: 0.1 }, 'grid.alpha.from', -0],
    ['NaN in a list', [Number.NaN], 'grid.alpha[0]', Number.NaN],
    ['infinity in a list', [1, Number.POSITIVE_INFINITY], 'grid.alpha[1]', Number.POSITIVE_INFINITY],
    ['a value beyond all networks', [1, 1001], 'grid.alpha[1]', 1001],
    ['a start below 1', { from: 0.5, to: 2, step: 0.1 }, 'grid.alpha.from', 0.5],
    ['a start that is not a number', { from: Number.NaN, to: 2, step: 0.1 }, 'grid.alpha.from', Number.NaN],
    [
      'an infinite end',
      { from: 1, to: Number.POSITIVE_INFINITY, step: 0.1 },
      'grid.alpha.to',
      Number.POSITIVE_INFINITY,
    ],
    ['a step of 0', { from: 1, to: 2, step: 0 }, 'grid.alpha.step', 0],
    ['a negative step', { from: 1, to: 2, step: -0.1 }, 'grid.alpha.step', -0.1],
    ['a step that is not a number', { from: 1, to: 2, step: Number.NaN }, 'grid.alpha.step', Number.NaN],
    [
      'an infinite step',
      { from: 1, to: 2, step: Number.POSITIVE_INFINITY },
      'grid.alpha.step',
      Number.POSITIVE_INFINITY,
    ],
    ['a start above the end', { from: 2, to: 1, step: 0.1 }, 'grid.alpha.from', 2],
  ];
  it.each(invalid)('for %s', (_, axis, field, value) => {
    const error = refusal(axis);
    expect(error).toMatchObject({ code: 'AXIS_INVALID', field, value });
    expect(error.message.startsWith(`${field} `)).toBe(true);
    expect(error.remedy).toMatch(/\.$/);
  });

  it('for too many values, counted and not expanded', () => {
    // 10^12 + 1 values would not fit into memory.
    expect(refusal({ from: 1, to: 2, step: 1e-12 })).toMatchObject({
      code: 'AXIS_TOO_LONG',
      field: 'grid.alpha',
      value: 1e12 + 1,
    });
    expect(refusal({ from: 1, to: 2, step: Number.MIN_VALUE })).toMatchObject({ code: 'AXIS_TOO_LONG' });
    expect(refusal([1, 1.1, 1.2], { maximumValues: 2 })).toMatchObject({ code: 'AXIS_TOO_LONG', value: 3 });
  });

  it('for 0 and below even where the minimum is lowered, which admits what shrinks a network', () => {
    expect(expandAxis('alpha', { from: 0.8, to: 1, step: 0.1 }, { minimum: 0.5 })).toEqual([0.8, 0.9, 1]);
    expect(refusal([0.4], { minimum: 0.5 })).toMatchObject({ code: 'AXIS_INVALID', value: 0.4 });
    expect(refusal([0], { minimum: -1 })).toMatchObject({ code: 'AXIS_INVALID', value: 0 });
  });
});
