import { describe, expect, it } from 'vitest';

import { baselines, buildNetwork, findBaseline, scaleBaseline, summarizeNetwork } from '../../src/index.ts';

describe('baselines', () => {
  it('are found by the name they carry', () => {
    for (const [name, baseline] of baselines) expect(findBaseline(name)).toBe(baseline);
    for (const [name, baseline] of baselines) expect(baseline.name).toBe(name);
  });

  it('that do not exist are refused with the names that do', () => {
    expect(() => findBaseline('efficientnet-b99')).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_BASELINE',
        field: 'baseline',
        value: 'efficientnet-b99',
        remedy: `Choose one of ${[...baselines.keys()].join(', ')}.`,
      }),
    );
  });

  it('do not find what every object has', () => {
    expect(() => findBaseline('constructor')).toThrow(expect.objectContaining({ code: 'UNKNOWN_BASELINE' }));
  });

  it.each([...baselines.values()])('$name names its layers uniquely and ends in its classes', (baseline) => {
    const { layers, classes } = buildNetwork(scaleBaseline(baseline, { depth: 1, width: 1, resolution: 1 }));
    expect(new Set(layers.map((layer) => layer.name)).size).toBe(layers.length);
    expect(layers.at(-1)?.outputShape).toEqual({ spatial: [], channels: classes });
  });

  it.each([...baselines.values()])('$name has more than one position in its final map', (baseline) => {
    const { totals } = summarizeNetwork(scaleBaseline(baseline, { depth: 1, width: 1, resolution: 1 }));
    expect(totals.warnings).toEqual([]);
  });
});

describe('efficientnet-micro', () => {
  const micro = findBaseline('efficientnet-micro');

  it('is small: 27,135 parameters and 556,488 MACs for digits', () => {
    const { totals } = summarizeNetwork(scaleBaseline(micro, { depth: 1, width: 1, resolution: 1 }));
    expect([totals.parameters, totals.macs]).toEqual([27_135, 556_488]);
    expect(totals.finalMap).toEqual([5, 5]);
  });

  it('becomes a different network in every tenth of every coefficient that the paper could have chosen', () => {
    const tenths = (to: number) => Array.from({ length: Math.round((to - 1) * 10) + 1 }, (_, index) => 1 + index / 10);
    const prints = (scales: readonly { depth: number; width: number; resolution: number }[]) =>
      new Set(scales.map((scale) => summarizeNetwork(scaleBaseline(micro, scale)).fingerprint)).size;
    expect(prints(tenths(1.4).map((width) => ({ depth: 1, width, resolution: 1 })))).toBe(5);
    expect(prints(tenths(1.4).map((resolution) => ({ depth: 1, width: 1, resolution })))).toBe(5);
    // Repeats 1, 2, 3 change where d * 2 or d * 3 passes an integer: at 1+, 1.33+, 1.5+ and 1.67+.
    expect(prints(tenths(2).map((depth) => ({ depth, width: 1, resolution: 1 })))).toBe(5);
  });
});
