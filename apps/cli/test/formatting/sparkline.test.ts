import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { sparkline } from '../../src/formatting/sparkline.ts';

describe('a sparkline', () => {
  it('runs from the lowest bar to the highest', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe('▁▂▃▄▅▆▇█');
  });

  it('is level where all values are equal, and empty where there are none', () => {
    expect(sparkline([0.5, 0.5])).toBe('▅▅');
    expect(sparkline([])).toBe('');
  });

  it('has one bar a value and keeps their order', () => {
    const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(values, (accuracies) => {
        const bars = Array.from(sparkline(accuracies));
        expect(bars).toHaveLength(accuracies.length);
        const ordered = accuracies.map((accuracy, index) => ({ accuracy, bar: bars[index] ?? '' }));
        ordered.sort((a, b) => a.accuracy - b.accuracy);
        const heights = ordered.map(({ bar }) => bar.codePointAt(0) ?? 0);
        expect(heights).toEqual([...heights].sort((a, b) => a - b));
      }),
    );
  });
});
