import exactCdf from '@stdlib/stats-base-dists-normal-cdf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { normalCdf, normalDensity, normalReach } from '../src/normal-distribution.ts';

describe('the normal distribution', () => {
  it.each([
    [-3, 0.00134989803163009],
    [-1, 0.158655253931457],
    [0, 0.5],
    [0.1, 0.539827837277029],
    [1, 0.841344746068543],
    [1.96, 0.97500210485178],
    [4, 0.999968328758167],
  ])('has below %d the probability that is tabulated', (z, probability) => {
    expect(Math.abs(normalCdf(z) - probability)).toBeLessThan(1e-14);
  });

  it('is interpolated with an error below 1e-14, everywhere', () => {
    fc.assert(
      fc.property(fc.double({ min: -10, max: 10, noNaN: true }), (z) => {
        expect(Math.abs(normalCdf(z) - exactCdf(z, 0, 1))).toBeLessThan(1e-14);
      }),
      { numRuns: 2000, examples: [[normalReach], [-normalReach], [-8.2999], [8.2999], [1 / 2048], [1.5 / 1024]] },
    );
  });

  it('is 0 and 1 where not even the last digit of a double tells', () => {
    expect([-Infinity, -40, 40, Infinity].map(normalCdf)).toEqual([0, 0, 1, 1]);
  });

  it.each([
    [0, 0.398942280401433],
    [-1, 0.241970724519143],
    [3, 0.00443184841193801],
  ])('has at %d the density that is tabulated', (z, density) => {
    expect(Math.abs(normalDensity(z) - density)).toBeLessThan(1e-14);
  });
});
