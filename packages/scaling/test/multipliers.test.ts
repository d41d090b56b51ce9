import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { formulaCost, multipliers, videoCostExponents } from '../src/index.ts';

const paper = { alpha: 1.2, beta: 1.1, gamma: 1.15 };
const coefficient = fc.double({ min: 0.5, max: 3, noNaN: true });
const phi = fc.double({ min: -10, max: 10, noNaN: true });

describe('multipliers', () => {
  it('are the coefficients themselves at phi 1', () => {
    expect(multipliers(paper, 1)).toEqual({ depth: 1.2, width: 1.1, resolution: 1.15 });
  });

  it('change nothing at phi 0, whatever the coefficients', () => {
    fc.assert(
      fc.property(coefficient, coefficient, coefficient, (alpha, beta, gamma) => {
        expect(multipliers({ alpha, beta, gamma }, 0)).toEqual({ depth: 1, width: 1, resolution: 1 });
      }),
    );
  });

  it('at phi 7 are 3.5832, 1.9487 and 595.84 pixels, which is not the published B7 (tensorflow/tpu 390)', () => {
    const { depth, width, resolution } = multipliers(paper, 7);
    expect(depth).toBeCloseTo(3.5832, 4);
    expect(width).toBeCloseTo(1.9487, 4);
    expect(224 * resolution).toBeCloseTo(595.84, 2);
  });

  it('multiply where phi adds', () => {
    fc.assert(
      fc.property(coefficient, phi, phi, (alpha, first, second) => {
        const at = (value: number) => multipliers({ alpha, beta: alpha, gamma: alpha }, value).depth;
        expect(at(first + second) / (at(first) * at(second))).toBeCloseTo(1, 9);
      }),
    );
  });

  it.each([
    ['alpha', { ...paper, alpha: 0 }],
    ['beta', { ...paper, beta: -1.1 }],
    ['gamma', { ...paper, gamma: Number.NaN }],
    ['alpha', { ...paper, alpha: Number.POSITIVE_INFINITY }],
  ])('refuse a coefficient that is no positive number, naming %s', (field, coefficients) => {
    expect(() => multipliers(coefficients, 1)).toThrow(expect.objectContaining({ code: 'COEFFICIENT_INVALID', field }));
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY])('refuse phi = %d', (value) => {
    expect(() => multipliers(paper, value)).toThrow(
      expect.objectContaining({ code: 'COEFFICIENT_INVALID', field: 'phi' }),
    );
  });

  it('refuse a power beyond the range of numbers', () => {
    expect(() => multipliers(paper, 1e6)).toThrow(expect.objectContaining({ code: 'COEFFICIENT_INVALID' }));
  });
});

describe('the cost that the formula predicts', () => {
  it("is 1.92027 for the paper's answer, 4 % short of its target of 2", () => {
    expect(formulaCost(paper)).toBeCloseTo(1.92027, 5);
  });

  it('takes frames as a third side for video', () => {
    expect(formulaCost({ alpha: 1, beta: 1, gamma: 2 }, videoCostExponents)).toBe(8);
  });
});
