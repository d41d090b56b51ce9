import type { LeaderboardRow } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { renderScalingComparison, verdict } from '../../src/views/scaling-comparison-text.ts';
import { leaderboard, row } from '../samples.ts';

function method(label: string, rank: number | null, some: Partial<LeaderboardRow> = {}): LeaderboardRow {
  const points = [{ alpha: 1.2345, beta: 1.1234, gamma: 1.1567, product: 1.92, label }];
  return row({ fingerprint: label, points, rank, ...some });
}

const behindBest = { difference: 0.0123, standardError: 0.002, interval: [0.008, 0.0166] };

describe('a comparison of ways to scale, as text', () => {
  it('shows the methods with their distance to the best, and ends with the verdict', () => {
    const text = renderScalingComparison(
      2,
      leaderboard([method('compound', 1), method('resolution-only', 2, { behindBest })]),
    );
    const lines = text.split('\n');
    expect(lines[0]).toBe('At 2 times the 556 k MACs of the baseline:');
    expect(text).toContain('│ resolution-only │');
    expect(text).toContain('1.23 % (0.80 to 1.66)');
    expect(lines.at(-1)).toBe('Compound scaling wins here: it is the best, and nothing is tied with it.');
    // The widest name, and coefficients with four decimals.
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(120);
  });

  it.each([
    {
      says: 'that it is tied, whether it is first or not',
      rows: [
        method('width-only', 1, { tied: true }),
        method('compound', 2, { tied: true, behindBest }),
        method('depth-only', 3),
      ],
      sentence: 'Compound scaling is tied here: it cannot be told from width-only.',
    },
    {
      says: 'that it loses, and by how much',
      rows: [method('width-only', 1), method('compound', 2, { behindBest })],
      sentence: 'Compound scaling loses here: it is behind width-only by 1.23 % (0.80 to 1.66).',
    },
    {
      says: 'that it has no result',
      rows: [method('width-only', 1), method('compound', null, { validationAccuracy: null })],
      sentence: 'Compound scaling has no result here.',
    },
    {
      says: 'that nothing else has a result',
      rows: [method('compound', 1), method('width-only', null, { validationAccuracy: null })],
      sentence: 'Compound scaling is alone here: nothing else has a result.',
    },
  ])('says $says', ({ rows, sentence }) => {
    expect(verdict(rows)).toBe(sentence);
  });

  it('names methods that have become the same network in one row', () => {
    const points = ['width-only', 'compound'].map((label) => ({ alpha: 1, beta: 1.4, gamma: 1, product: 1.96, label }));
    const text = renderScalingComparison(2, leaderboard([row({ points }), method('depth-only', 2, { behindBest })]));
    expect(text).toContain('width-only = compound');
  });
});
