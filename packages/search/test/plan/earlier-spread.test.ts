import { type SearchRequestInput, searchRequestSchema } from '@compound-search/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type EarlierSpread, earlierSpread, seedsNeeded, tooFewSeeds } from '../../src/plan/earlier-spread.ts';
import { sampleRequest } from '../sample-request.ts';

function search(...candidates: number[][]) {
  return {
    searchId: 's',
    candidates: candidates.map((accuracies) => new Map(accuracies.map((accuracy, index) => [index + 1, accuracy]))),
  };
}

type Accuracies = ReadonlyMap<number, number>;

/** Differences of two candidates over their common seeds, as their variance and the square of their true mean. */
function compare(one: Accuracies, other: Accuracies) {
  const differences = [...one].flatMap(([seed, accuracy]) => {
    const paired = other.get(seed);
    return paired === undefined ? [] : [accuracy - paired];
  });
  const count = differences.length;
  if (count < 2) return [];
  const mean = average(differences);
  const variance = (average(differences.map((difference) => (difference - mean) ** 2)) * count) / (count - 1);
  return [{ variance, squaredDifference: mean ** 2 - variance / count }];
}

/** The same by its definition. */
function spreadPairByPair(searches: readonly (readonly Accuracies[])[]): EarlierSpread | null {
  const compared = searches.map((candidates) =>
    candidates.flatMap((one, index) => candidates.slice(index + 1).flatMap((other) => compare(one, other))),
  );
  const pairs = compared.flat();
  if (pairs.length === 0) return null;
  return {
    bySeed: Math.sqrt(average(pairs.map(({ variance }) => variance))),
    betweenNetworks: Math.sqrt(Math.max(0, average(pairs.map(({ squaredDifference }) => squaredDifference)))),
    searches: compared.filter((own) => own.length > 0).length,
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
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

  it('is that of all pairs of a search, one by one, whichever seeds each candidate has', () => {
    const accuracy = fc.double({ min: 0, max: 1, noNaN: true });
    const candidate = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 6 }), accuracy), { selector: ([seed]) => seed })
      .map((entries) => new Map(entries));
    fc.assert(
      fc.property(fc.array(fc.array(candidate, { maxLength: 6 }), { maxLength: 3 }), (searches) => {
        const none = { bySeed: 0, betweenNetworks: 0, searches: 0 };
        const spread = earlierSpread(searches.map((candidates) => ({ searchId: 's', candidates }))) ?? none;
        const expected = spreadPairByPair(searches) ?? none;
        expect(spread.searches).toBe(expected.searches);
        expect(spread.bySeed).toBeCloseTo(expected.bySeed, 6);
        expect(spread.betweenNetworks).toBeCloseTo(expected.betweenNetworks, 6);
      }),
    );
  });

  it('is unknown where no two networks had two seeds in common', () => {
    expect(earlierSpread([])).toBeNull();
    expect(earlierSpread([search([0.5], [0.6]), search([0.5, 0.6])])).toBeNull();
  });
});

describe('too few seeds', () => {
  const spread = { bySeed: 0.01, betweenNetworks: 0.005, searches: 2 };

  function request(count: number, strategy: SearchRequestInput['strategy'] = 'full') {
    const seeds = Array.from({ length: count }, (_, index) => index + 1);
    return searchRequestSchema.parse(sampleRequest({ strategy, seeds }));
  }

  it('are fewer than it takes for the least significant difference to be as small as the usual one', () => {
    // (1.96 * 0.01 / 0.005)^2 = 15.4
    expect(seedsNeeded(spread, spread.betweenNetworks)).toBe(16);
    expect(tooFewSeeds(request(16), spread)).toEqual([]);
    expect(tooFewSeeds(request(2), spread)).toEqual([
      {
        code: 'TOO_FEW_SEEDS',
        message:
          'In 2 earlier searches of this baseline and these data two networks differed by 0.50 points beyond ' +
          'what chance explains, and a difference of two by 1.00 points from seed to seed: 2 seeds do not tell such networks apart, it would take 16.',
      },
    ]);
  });

  it('are as many as a request may have, where networks have not differed beyond their seeds', () => {
    expect(tooFewSeeds(request(100), { ...spread, betweenNetworks: 0 })[0]?.message).toContain(
      '100 would not do either',
    );
  });

  it('are in a race those that cannot show a difference of its indifference where networks differ by less', () => {
    const close = { ...spread, bySeed: 0.004, betweenNetworks: 0.001 };
    // (1.96 * 0.004 / 0.002)^2 = 15.4; (1.96 * 0.004 / 0.001)^2 = 61.5
    expect(tooFewSeeds(request(16, 'racing'), close)).toEqual([]);
    expect(tooFewSeeds(request(15, 'racing'), close)[0]?.message).toMatch(
      /: 15 seeds do not tell networks that differ by 0\.20 points apart, it would take 16\.$/,
    );
    expect(tooFewSeeds(request(16), close)[0]?.message).toContain('it would take 62');
    expect(tooFewSeeds(request(15, 'racing'), spread)[0]?.message).toContain('do not tell such networks apart');
  });

  it('are those of halving wherever one is not enough, however many stand by for trainings that are lost', () => {
    expect(tooFewSeeds(request(32, 'halving'), spread)[0]?.message).toMatch(
      /: one seed does not tell such networks apart, it would take 16, with another strategy\.$/,
    );
  });

  it('are none where nothing is known, or seeds make no difference', () => {
    expect(tooFewSeeds(request(1), null)).toEqual([]);
    expect(tooFewSeeds(request(1), { ...spread, bySeed: 0 })).toEqual([]);
  });
});
