import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { papersPoint, placeOf, sharesOf, uniformShares } from '../../src/charts/triangle.ts';

const exponents = [1, 2, 2] as const;
const growth = fc.double({ min: 1, max: 3, noNaN: true });

describe('the triangle', () => {
  it.each([
    ['depth', { alpha: 2, beta: 1, gamma: 1 }, { x: 0.5, y: 1 }],
    ['width', { alpha: 1, beta: 1.4, gamma: 1 }, { x: 0, y: 0 }],
    ['resolution', { alpha: 1, beta: 1, gamma: 1.3 }, { x: 1, y: 0 }],
  ])('has what grows in %s alone in a corner', (_name, point, corner) => {
    expect(placeOf(sharesOf(point, exponents) ?? uniformShares)).toEqual(corner);
  });

  it('has the paper’s point where its logarithms say', () => {
    // ln 1.2, 2 ln 1.1 and 2 ln 1.15 over ln 1.92027.
    const [depth = 0, width = 0, resolution = 0] = sharesOf(papersPoint, exponents) ?? [];
    expect([depth, width, resolution].map((share) => Number(share.toFixed(4)))).toEqual([0.2794, 0.2922, 0.4284]);
  });

  it('holds every point that grows, whose parts sum to 1', () => {
    fc.assert(
      fc.property(growth, growth, growth, (alpha, beta, gamma) => {
        const shares = sharesOf({ alpha, beta, gamma }, exponents);
        if (shares === undefined) return alpha * beta ** 2 * gamma ** 2 < 1 + 1e-8;
        const { x, y } = placeOf(shares);
        const isInside = y >= -1e-9 && y <= 1 + 1e-9 && x >= y / 2 - 1e-9 && x <= 1 - y / 2 + 1e-9;
        return isInside && Math.abs(shares[0] + shares[1] + shares[2] - 1) < 1e-12;
      }),
    );
  });

  it('has no place for what shrinks in one direction, or does not grow at all', () => {
    expect(sharesOf({ alpha: 3, beta: 0.9, gamma: 1 }, exponents)).toBeUndefined();
    expect(sharesOf({ alpha: 1, beta: 1, gamma: 1 }, exponents)).toBeUndefined();
  });
});
