import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  formatCoefficient,
  formatCount,
  formatEstimate,
  formatPercent,
  formatResolution,
  formatSeconds,
} from '../../src/formatting/numbers.ts';

const factors: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };

describe('counts for people', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1.00 k'],
    [45_678, '45.7 k'],
    [1_234_567, '1.23 M'],
    [390_000_000, '390 M'],
    [9_994, '9.99 k'],
    [9_996, '10.0 k'],
    [99_960, '100 k'],
    [999_499, '999 k'],
    [999_500, '1.00 M'],
    [999_999, '1.00 M'],
    [999_999_999, '1.00 G'],
  ])('shows %i as %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  it('keeps three digits of any count and never shows a thousand of a unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e15 }), (count) => {
        const [number = '', unit = ''] = formatCount(count).split(' ');
        const value = Number(number) * (factors[unit] ?? NaN);
        // Half a unit of the third digit is at most 5 in 1000.
        expect(Math.abs(value - count) / count).toBeLessThanOrEqual(0.005 + 1e-12);
        expect(Number(number)).toBeLessThan(1000);
      }),
    );
  });
});

describe('accuracies for people', () => {
  it('shows a fraction as percent with the decimals that are asked for', () => {
    expect(formatPercent(0.97126)).toBe('97.13 %');
    expect(formatPercent(0.5, 0)).toBe('50 %');
  });

  it('shows a mean with its standard error in the same unit', () => {
    expect(formatEstimate({ mean: 0.9712, standardError: 0.0021, seeds: 3 })).toBe('97.12 ± 0.21 %');
  });

  it('shows no standard error where one seed gives none', () => {
    expect(formatEstimate({ mean: 0.9712, standardError: null, seeds: 1 })).toBe('97.12 %');
  });
});

describe('coefficients, resolutions and times for people', () => {
  it('shows a coefficient as it was written, however it was computed', () => {
    expect(formatCoefficient(1 + 3 * 0.05)).toBe('1.15');
    expect(formatCoefficient(1)).toBe('1');
    expect(formatCoefficient(1.1500000000000001)).toBe('1.15');
  });

  it('shows a square resolution as one number and any other by its sides', () => {
    expect(formatResolution([32, 32])).toBe('32');
    expect(formatResolution([24, 32])).toBe('24x32');
    expect(formatResolution([16, 112, 112])).toBe('16x112x112');
  });

  it.each([
    [0, '0 s'],
    [-3, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [65, '1 min 05 s'],
    [3600, '1 h 00 min'],
    [7389, '2 h 03 min'],
  ])('shows %d seconds as %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});
