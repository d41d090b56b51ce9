import { describe, expect, it } from 'vitest';

import { earlierSpread, seedsNeeded, tooFewSeeds } from '../../src/plan/earlier-spread.ts';

function search(...candidates: number[][]) {
  return {
    searchId: 's',
    candidates: candidates.map((accuracies) => new Map(accuracies.map((accuracy, index) => [index + 1, accuracy]))),
  };
}

describe('the spread of earlier searches', () => {
  it('is that of paired differences, with the noise taken out of the difference between networks', () => {
    // Differences by seed: 0.04, 0.02, 0.03. Their mean is 0.03 and their variance 0.0001.
    const spread = earlierSpread([search([0.94, 0.93, 0.95], [0.9, 0.91, 0.92])]);
    expect(spread?.bySeed).toBeCloseTo(0.01, 12);
    expect(spread?.betweenNetworks).toBeCloseTo(Math.sqrt(0.03 ** 2 - 0.0001 / 3), 12);
    expect(spread?.searches).toBe(1);
  });

  it('does not see what a seed does to all networks alike', () => {
    const spread = earlierSpread([search([0.5, 0.9], [0.6, 1])]);
    expect(spread?.bySeed).toBeCloseTo(0, 12);
    expect(spread?.betweenNetworks).toBeCloseTo(0.1, 12);
  });

  it('is unknown where no two networks had two seeds in common', () => {
    expect(earlierSpread([])).toBeNull();
    expect(earlierSpread([search([0.5], [0.6]), search([0.5, 0.6])])).toBeNull();
  });
});

describe('too few seeds', () => {
  const spread = { bySeed: 0.01, betweenNetworks: 0.005, searches: 2 };

  it('are fewer than it takes for the least significant difference to be as small as the usual one', () => {
    // (1.96 * 0.01 / 0.005)^2 = 15.4
    expect(seedsNeeded(spread)).toBe(16);
    expect(tooFewSeeds(16, spread)).toEqual([]);
    expect(tooFewSeeds(2, spread)).toEqual([
      {
        code: 'TOO_FEW_SEEDS',
        message:
          'In 2 earlier searches of this baseline and these data two networks differed by 0.50 points, and that by ' +
          '1.00 points from seed to seed: 2 seeds do not tell such networks apart, it would take 16.',
      },
    ]);
  });

  it('are as many as a request may have, where networks have not differed beyond their seeds', () => {
    expect(tooFewSeeds(100, { ...spread, betweenNetworks: 0 })[0]?.message).toContain('100 would not do either');
  });

  it('are none where nothing is known, or seeds make no difference', () => {
    expect(tooFewSeeds(1, null)).toEqual([]);
    expect(tooFewSeeds(1, { ...spread, bySeed: 0 })).toEqual([]);
  });
});
