import { describe, expect, it } from 'vitest';

import { quartiles } from '../../src/latency/quartiles.ts';

describe('quartiles', () => {
  it('are those of numpy.quantile, whatever the order', () => {
    // numpy.quantile([1, 2, 4, 8], [0, 0.25, 0.5, 0.75])
    expect(quartiles([8, 1, 4, 2])).toEqual({ minimum: 1, lowerQuartile: 1.75, median: 3, upperQuartile: 5 });
    expect(quartiles([5])).toEqual({ minimum: 5, lowerQuartile: 5, median: 5, upperQuartile: 5 });
  });

  it('refuse to be taken of nothing', () => {
    expect(() => quartiles([])).toThrow(RangeError);
  });
});
