import { describe, expect, it } from 'vitest';

import { isNoBetterThanChance, largestClassShare } from '../../src/trial/divergence.ts';

describe('isNoBetterThanChance', () => {
  // Of 900 images, 90 are right by chance, with a standard deviation of sqrt(900 x 0.1 x 0.9) = 9.
  it.each([
    [90, true],
    [117, true],
    [118, false],
    [0, true],
  ])('%i of 900 right images in ten equal classes: %s', (correct, expected) => {
    expect(isNoBetterThanChance({ images: 900, correct, chance: 0.1 })).toBe(expected);
  });
});

it('knows that the largest class is the best guess', () => {
  expect(largestClassShare(Int32Array.of(0, 1, 1, 2, 2, 2), Int32Array.of(0, 1, 2, 3))).toBe(0.5);
});
