import type { Transfer } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { conclusion, renderTransfer } from '../../src/views/transfer-text.ts';

const estimate = { mean: 0.95, standardError: 0.001, seeds: 3 };
const transfer: Transfer = {
  searchId: 's2',
  state: 'completed',
  originId: 's1',
  phi: 2,
  rows: [
    {
      ...{ alpha: 1.2, beta: 1.1, gamma: 1.15 },
      origin: { rank: 1, validationAccuracy: estimate, macsRatio: 2 },
      transferred: { rank: 1.5, validationAccuracy: { ...estimate, mean: 0.97 }, macsRatio: 3.9 },
    },
  ],
  spearman: { measured: 0.8, expected: 0.55, interval: [0.1, 0.9] },
  kendall: { measured: 0.6, expected: null, interval: null },
};

describe('a transfer as text', () => {
  it('shows each row on both sides, and the correlation of the ranks with its interval', () => {
    const text = renderTransfer(transfer);
    expect(text).toContain('rank at 2');
    expect(text).toMatch(
      /1\.2 │ +1\.1 │ +1\.15 │ +1 │ +2\.00 │ +95\.00 ± 0\.10 % │ +1\.5 │ +3\.90 │ +97\.00 ± 0\.10 %/,
    );
    expect(text).toContain(
      "Spearman's rho is 0.80 as measured; of the true means 0.55 is expected, from 0.10 to 0.90 with 95 %.",
    );
    expect(text).toContain("Kendall's tau-b is 0.60 as measured; one seed alone does not say how much of it is luck.");
    expect(text).not.toContain('label');
  });

  it.each([
    [[0.1, 0.9], 'carries over:'],
    [[-0.2, 0.9], 'do not show'],
    [[-0.9, -0.1], 'turns round'],
    [null, 'not known'],
  ])('concludes from an interval of %j what it allows: %s', (interval, words) => {
    expect(conclusion({ spearman: { measured: 0.5, expected: 0.4, interval } })).toContain(words);
  });
});
