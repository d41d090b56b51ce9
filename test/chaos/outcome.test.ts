import { describe, expect, it } from 'vitest';

import { compareOutcomes, type Outcome } from './outcome.ts';

function trial(fingerprint: string, seed: number, accuracy = 0.5): string {
  return JSON.stringify({ trained: [fingerprint, 'ranking', seed], result: { validationAccuracy: accuracy } });
}

const calm: Outcome = {
  state: 'completed',
  leaderboard: '[1, 2]',
  decisions: '[1]',
  coefficients: '{}',
  trials: [trial('a', 1), trial('a', 2), trial('b', 1)],
};

describe('compareOutcomes', () => {
  it('finds nothing between equal outcomes', () => {
    expect(compareOutcomes(calm, { ...calm }, [1, 1, 1])).toEqual({ differing: [], lost: 0, double: 0 });
  });

  it('names every part that differs by a byte', () => {
    const disturbed = { ...calm, leaderboard: '[2, 1]', coefficients: '{ }' };
    expect(compareOutcomes(calm, disturbed, [1, 1, 1]).differing).toEqual(['leaderboard', 'coefficients']);
  });

  it('counts trials without their result as lost, and those that are there twice or got a second result as double', () => {
    const disturbed = { ...calm, trials: [trial('a', 1), trial('a', 1), trial('a', 2), trial('b', 1, 0.4)] };
    expect(compareOutcomes(calm, disturbed, [1, 2, 3, 1])).toEqual({ differing: ['trials'], lost: 1, double: 3 });
  });
});
