import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  activationGrowth,
  efficientnetCoefficients,
  formulaCost,
  sharesOf,
  strategies,
  strategyMultipliers,
  videoCostExponents,
  widthFirstShares,
} from '../src/index.ts';

describe('a strategy', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const factor = fc.double({ min: 0.05, max: 100, noNaN: true });

  it('meets its target exactly, for images and for video', () => {
    fc.assert(
      fc.property(share, share, factor, (first, second, target) => {
        const depth = Math.min(first, second);
        const width = Math.max(first, second) - depth;
        const shares = { depth, width, resolution: 1 - depth - width };
        for (const exponents of [undefined, videoCostExponents]) {
          const scaled = strategyMultipliers(shares, target, exponents);
          const cost = formulaCost({ alpha: scaled.depth, beta: scaled.width, gamma: scaled.resolution }, exponents);
          expect(cost / target).toBeCloseTo(1, 9);
        }
      }),
    );
  });

  it('of the paper shares 0.279, 0.292, 0.428, and of the real B7 0.252, 0.309, 0.439', () => {
    const b7 = sharesOf({ alpha: 3.1, beta: 2, gamma: 600 / 224 });
    const rounded = (shares: { depth: number; width: number; resolution: number }) =>
      [shares.depth, shares.width, shares.resolution].map((value) => Number(value.toFixed(3)));
    expect(rounded(strategies.efficientnet)).toEqual([0.279, 0.292, 0.428]);
    expect(rounded(b7)).toEqual([0.252, 0.309, 0.439]);
  });

  it('gives back the coefficients it was taken from', () => {
    const { depth, width, resolution } = strategyMultipliers(
      sharesOf(efficientnetCoefficients),
      formulaCost(efficientnetCoefficients),
    );
    expect(depth).toBeCloseTo(1.2, 12);
    expect(width).toBeCloseTo(1.1, 12);
    expect(resolution).toBeCloseTo(1.15, 12);
  });

  it('grows activations with 0.854, 0.833 and 0.6 of the cost (arXiv 2103.06877)', () => {
    expect(activationGrowth(strategies.efficientnet)).toBeCloseTo(0.854, 3);
    expect(activationGrowth(strategies.uniform)).toBeCloseTo(0.833, 3);
    expect(activationGrowth(strategies.fast)).toBeCloseTo(0.6, 12);
    expect(activationGrowth(widthFirstShares(0.5))).toBeCloseTo((2 - 0.5) / 2, 12);
  });

  it('is refused where its shares do not sum to 1', () => {
    expect(() => strategyMultipliers({ depth: 0.5, width: 0.5, resolution: 0.5 }, 2)).toThrow(
      expect.objectContaining({ code: 'COEFFICIENT_INVALID', field: 'strategy' }),
    );
    expect(() => strategyMultipliers({ depth: Number.NaN, width: 0.5, resolution: 0.5 }, 2)).toThrow(
      expect.objectContaining({ code: 'COEFFICIENT_INVALID' }),
    );
  });

  it('cannot be read off coefficients that leave the cost as it is', () => {
    expect(() => sharesOf({ alpha: 1, beta: 1, gamma: 1 })).toThrow(
      expect.objectContaining({ code: 'COEFFICIENT_INVALID' }),
    );
  });
});
