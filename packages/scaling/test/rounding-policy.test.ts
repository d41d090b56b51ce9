import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  roundingPolicies,
  roundingPolicy,
  roundingPolicyNames,
  scaleChannels,
  scaleHead,
  scaleRepeats,
  scaleSide,
  scaleStem,
} from '../src/index.ts';

const b0Repeats = [1, 2, 2, 3, 3, 4, 1];
const tensorflow = roundingPolicies.tensorflow.channels;
const withoutNinetyPercent = roundingPolicies['efficientnet-v2'].channels;

describe('channels of the tensorflow policy', () => {
  // round_filters of tensorflow/tpu, efficientnet_model.py.
  it.each([
    [32, 1.1, 32],
    [16, 1.2, 24],
    [32, 1.2, 40],
    [24, 1.2, 32],
    [16, 0.25, 8],
    [24, 0.5, 16],
    [32, 0.35, 16],
    [40, 1.1, 48],
    [16, 1.1, 16],
    [24, 1.1, 24],
    [32, 1.4, 48],
    [16, 1.4, 24],
    [24, 1.4, 32],
    [16, 0.75, 16],
    [24, 0.35, 8],
    [160, 0.35, 56],
    [32, 0.1, 8],
    [16, 0.5, 8],
    [80, 1.4, 112],
    [1280, 0.5, 640],
    [320, 1.01, 320],
  ])('turn %d x %d into %d', (channels, width, rounded) => {
    expect(scaleChannels(channels, width, tensorflow)).toBe(rounded);
  });

  it.each([
    [12, 16],
    [20, 24],
    [44, 48],
    [18, 24],
    [17, 16],
    [26, 24],
    [35, 32],
  ])('round %d to %d: ties go up, and a loss over 10 % adds 8', (exact, rounded) => {
    expect(scaleChannels(exact / 2, 2, tensorflow)).toBe(rounded);
  });

  it('are multiples of 8, at least 8, and at least 90 % of the exact value', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4096 }),
        fc.double({ min: 0.01, max: 8, noNaN: true }),
        (channels, width) => {
          fc.pre(width !== 1);
          const rounded = scaleChannels(channels, width, tensorflow);
          expect(rounded % 8).toBe(0);
          expect(rounded).toBeGreaterThanOrEqual(Math.max(8, 0.9 * channels * width));
          expect(rounded).toBeLessThan(Math.max(8, channels * width) + 8);
        },
      ),
    );
  });

  it('never shrink where the width grows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4096 }),
        fc.double({ min: 0.01, max: 8, noNaN: true }),
        fc.double({ min: 0, max: 4, noNaN: true }),
        (channels, width, more) => {
          fc.pre(width !== 1 && width + more !== 1);
          expect(scaleChannels(channels, width + more, tensorflow)).toBeGreaterThanOrEqual(
            scaleChannels(channels, width, tensorflow),
          );
        },
      ),
    );
  });

  it('stay as they are at a width of exactly 1, even off the grid of multiples', () => {
    expect(scaleChannels(10, 1, tensorflow)).toBe(10);
  });
});

describe('channels of other policies', () => {
  it('have no 90 % rule in efficientnet-v2: 16 x 1.2 stays 16, 32 x 0.35 is 8', () => {
    expect(scaleChannels(16, 1.2, withoutNinetyPercent)).toBe(16);
    expect(scaleChannels(32, 0.35, withoutNinetyPercent)).toBe(8);
  });

  it('round halves to even in pycls: 12 and 20 both go to 16', () => {
    expect(scaleChannels(6, 2, roundingPolicies.pycls.channels)).toBe(16);
    expect(scaleChannels(10, 2, roundingPolicies.pycls.channels)).toBe(16);
  });

  it('are truncated in keras-mobilenet: 32 x 1.2 is 38', () => {
    expect(scaleChannels(32, 1.2, roundingPolicies['keras-mobilenet'].channels)).toBe(38);
  });

  it('keep the stem in lite and tinynet', () => {
    expect(roundingPolicyNames.filter((name) => scaleStem(32, 2, roundingPolicies[name]) === 32)).toEqual([
      'tinynet',
      'lite',
    ]);
  });
});

describe('products that doubles miss by a few bits', () => {
  // 100 x 1.16 is 115.99999999999999 and 100 x 1.15 is 114.99999999999999; 116 lies halfway between 112 and 120.
  it('count as the decimals that were written, under every policy', () => {
    expect(
      roundingPolicyNames.map((name) => [name, scaleChannels(100, 1.16, roundingPolicies[name].channels)]),
    ).toEqual([
      ['tensorflow', 120],
      ['torchvision', 120],
      ['tinynet', 120],
      ['lite', 120],
      ['pycls', 112],
      ['efficientnet-v2', 120],
      ['keras-mobilenet', 116],
    ]);
    expect(scaleChannels(100, 1.15, roundingPolicies['keras-mobilenet'].channels)).toBe(115);
    expect(scaleSide(300, 1.13, roundingPolicy('tensorflow', { resolutionStep: 2 }).resolution)).toBe(340);
    expect(scaleSide(300, 1.13, roundingPolicies.tinynet.resolution)).toBe(339);
    expect(scaleSide(300, 1.14, roundingPolicies.pycls.resolution)).toBe(344);
    expect(scaleRepeats([25], 0.58, roundingPolicies.pycls)).toEqual([14]);
    expect(scaleRepeats([25], 2.2, roundingPolicies.tensorflow)).toEqual([55]);
  });
});

describe('the head', () => {
  const b0 = (width: number) => ({
    head: 1280,
    neverShrinks: false,
    lastStage: 320,
    scaledLastStage: scaleChannels(320, width, tensorflow),
  });

  it('at width 1.01 is 1296 in tensorflow and 1280 in torchvision, four times the last stage', () => {
    expect(scaleHead(b0(1.01), 1.01, roundingPolicies.tensorflow)).toBe(1296);
    expect(scaleHead(b0(1.01), 1.01, roundingPolicies.torchvision)).toBe(1280);
  });

  it('differs between tensorflow and torchvision for 224 of the 280 widths 0.20 to 2.99', () => {
    const widths = Array.from({ length: 280 }, (_, index) => (20 + index) / 100);
    const differing = widths.filter(
      (width) =>
        scaleHead(b0(width), width, roundingPolicies.tensorflow) !==
        scaleHead(b0(width), width, roundingPolicies.torchvision),
    );
    expect(differing).toHaveLength(224);
  });

  it('is never below 1280 in tinynet, and fixed in lite', () => {
    expect(scaleHead(b0(0.5), 0.5, roundingPolicies.tinynet)).toBe(1280);
    expect(scaleHead(b0(1.4), 1.4, roundingPolicies.tinynet)).toBe(1792);
    expect(scaleHead(b0(1.4), 1.4, roundingPolicies.lite)).toBe(1280);
  });

  it.each([
    [0.35, 1280],
    [1, 1280],
    [1.4, 1792],
    [2, 2560],
  ])('of a baseline whose head never shrinks (MobileNetV2) at width %d is %d', (width, channels) => {
    for (const policy of [roundingPolicies.tensorflow, roundingPolicies.torchvision]) {
      expect(scaleHead({ ...b0(width), neverShrinks: true }, width, policy)).toBe(channels);
    }
  });
});

describe('repeats', () => {
  it.each([
    [1.1, [2, 3, 3, 4, 4, 5, 2]],
    [1.2, [2, 3, 3, 4, 4, 5, 2]],
    [1.8, [2, 4, 4, 6, 6, 8, 2]],
    [3.1, [4, 7, 7, 10, 10, 13, 4]],
  ])('of B0 at depth %d are %j', (depth, repeats) => {
    expect(scaleRepeats(b0Repeats, depth, roundingPolicies.tensorflow)).toEqual(repeats);
  });

  it('in lite leave the first and last stage alone', () => {
    expect(scaleRepeats(b0Repeats, 1.8, roundingPolicies.lite)).toEqual([1, 4, 4, 6, 6, 8, 1]);
  });

  it('in tinynet round half to even with at least 1: 0.5 x 1 is 1, 2.5 is 2', () => {
    expect(scaleRepeats([1, 5, 3], 0.5, roundingPolicies.tinynet)).toEqual([1, 2, 2]);
  });

  it('at depth 1/1.2 shrink only where repeats are rounded', () => {
    expect(scaleRepeats(b0Repeats, 1 / 1.2, roundingPolicies.tensorflow)).toEqual(b0Repeats);
    expect(scaleRepeats(b0Repeats, 1 / 1.2, roundingPolicy('tensorflow', { repeats: 'round' }))).toEqual([
      1, 2, 2, 2, 2, 3, 1,
    ]);
  });

  it('are never below 1, whatever the policy and the depth', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
        fc.double({ min: 1e-6, max: 10, noNaN: true }),
        fc.constantFrom(...roundingPolicyNames),
        (repeats, depth, name) => {
          const scaled = scaleRepeats(repeats, depth, roundingPolicies[name]);
          expect(scaled.every((count) => Number.isInteger(count) && count >= 1)).toBe(true);
        },
      ),
    );
  });
});

describe('sides of the input', () => {
  it('round to whole pixels by default: 224 x 1.3 is 291, 224 x 1.15 is 258', () => {
    expect(scaleSide(224, 1.3, roundingPolicies.tensorflow.resolution)).toBe(291);
    expect(scaleSide(224, 1.15, roundingPolicies.tensorflow.resolution)).toBe(258);
  });

  it('take a step of their own: 313.6 becomes 314, 312 or 320 at steps 1, 8 and 32', () => {
    const at = (step: number) => scaleSide(224, 1.4, roundingPolicy('tensorflow', { resolutionStep: step }).resolution);
    expect([1, 8, 32].map(at)).toEqual([314, 312, 320]);
  });

  it('are truncated in tinynet: 224 x 0.86 is 192, 224 x 0.475 is 106', () => {
    expect(scaleSide(224, 0.86, roundingPolicies.tinynet.resolution)).toBe(192);
    expect(scaleSide(224, 0.475, roundingPolicies.tinynet.resolution)).toBe(106);
  });

  it('are multiples of 4 in pycls: 224 x sqrt(2) is 316', () => {
    expect(scaleSide(224, Math.SQRT2, roundingPolicies.pycls.resolution)).toBe(316);
  });

  it('are never below one step', () => {
    expect(scaleSide(224, 0.001, roundingPolicy('tensorflow', { resolutionStep: 8 }).resolution)).toBe(8);
  });
});

describe('a policy', () => {
  it('takes a channel divisor as its new minimum, too', () => {
    const { channels } = roundingPolicy('tensorflow', { channelDivisor: 4 });
    expect(scaleChannels(16, 0.1, channels)).toBe(4);
    expect(scaleChannels(24, 1.1, channels)).toBe(28);
  });

  it('is called by its own name', () => {
    for (const name of roundingPolicyNames) expect(roundingPolicies[name].name).toBe(name);
  });
});
