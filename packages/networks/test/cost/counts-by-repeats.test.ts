import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  baselines,
  countsAtResolution,
  countsOfChannels,
  countsWithRepeats,
  findBaseline,
  type NetworkDescription,
  scaleBaseline,
  summarizeNetwork,
} from '../../src/index.ts';
import { randomDescription } from '../random-description.ts';

const multiplier = fc.integer({ min: 60, max: 300 }).map((hundredths) => hundredths / 100);
const scales = fc.record({ depth: multiplier, width: multiplier, resolution: multiplier });

/** Counts of a scaled network that were derived from the same channels at another resolution and depth. */
function derived(baseline: NetworkDescription, multipliers: { depth: number; width: number; resolution: number }) {
  const ofChannels = countsOfChannels(scaleBaseline(baseline, { depth: 1, width: multipliers.width, resolution: 1 }));
  const { repeats, resolution } = scaleBaseline(baseline, multipliers);
  return countsWithRepeats(countsAtResolution(ofChannels, resolution), repeats);
}

function planned(baseline: NetworkDescription, multipliers: { depth: number; width: number; resolution: number }) {
  const { parameters, macs, activations } = summarizeNetwork(scaleBaseline(baseline, multipliers)).totals;
  return { parameters, macs, activations };
}

describe('counts by channels, resolution and repeats', () => {
  it.each([...baselines.keys()])('are those of the planned network, for %s at any scale', (name) => {
    const baseline = findBaseline(name);
    fc.assert(
      fc.property(scales, (multipliers) => {
        expect(derived(baseline, multipliers)).toEqual(planned(baseline, multipliers));
      }),
      { numRuns: 20 },
    );
  });

  it('are those of the planned network for any description', () => {
    fc.assert(
      fc.property(randomDescription(), scales, (baseline, { depth, width, resolution }) => {
        // Not below the description's own sides, which its strides are known to fit.
        const multipliers = { depth, width, resolution: Math.max(1, resolution) };
        expect(derived(baseline, multipliers)).toEqual(planned(baseline, multipliers));
      }),
      { numRuns: 200 },
    );
  });

  it('take a padding of the stem as described, also where it is SAME at the resolution that was planned', () => {
    // Kernel 2 at stride 2 without padding is SAME on even sides; of odd ones it drops the last row, which SAME keeps.
    const micro = findBaseline('efficientnet-micro');
    const baseline: NetworkDescription = {
      ...micro,
      input: { spatial: [24, 24], channels: 1 },
      stem: { ...micro.stem, kernel: 2, stride: 2, padding: 0 },
      rounding: { ...micro.rounding, resolutionStep: 1 },
    };
    for (const resolution of [1, 25 / 24, 26 / 24, 27 / 24]) {
      const multipliers = { depth: 1, width: 1, resolution };
      expect(derived(baseline, multipliers)).toEqual(planned(baseline, multipliers));
    }
  });
});
