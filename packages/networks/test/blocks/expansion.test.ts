import { networkRequestSchema } from '@compound-search/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { answerNetworkRequest, type NetworkDescription } from '../../src/index.ts';

type Stage = NetworkDescription['stages'][number];

function networkOf(stage: Stage): NetworkDescription {
  return {
    name: 'one-stage',
    summary: 'A stem, one block and a classifier.',
    input: { spatial: [224, 224], channels: 3 },
    classes: 10,
    activation: 'relu',
    normalization: { momentum: 0.99, epsilon: 0.001 },
    stem: { channels: stage.channels, kernel: 3, stride: 2 },
    stages: [stage],
    rounding: { policy: 'tensorflow' },
    regularization: { dropoutRate: 0, stochasticDepthRate: 0 },
  };
}

/** The answer for a network of one block on as many channels as it gives, and the channels of one of its layers. */
function answerOf(stage: Stage, layer: string) {
  const { parameters, macs, layers } = answerNetworkRequest(
    networkRequestSchema.parse({ layers: true }),
    networkOf(stage),
  );
  const channels = layers?.find(({ name }) => name === `stage1/block1/${layer}/convolution`)?.outputShape.at(-1);
  return { channels, parameters, macs };
}

function invertedResidual(channels: number, expansion: number, squeezeExcitation?: number): Stage {
  const squeeze = squeezeExcitation === undefined ? {} : { squeezeExcitation };
  return { block: 'inverted-residual', repeats: 1, channels, stride: 1, kernel: 3, expansion, ...squeeze };
}

function fused(channels: number, expansion: number): Stage {
  return { block: 'fused-inverted-residual', repeats: 1, channels, stride: 1, kernel: 3, expansion };
}

describe('an expansion that is no binary fraction', () => {
  // 100 x 2.3 is 229.99999999999997 in doubles, and 230 for whoever writes 2.3.
  it.each([
    { channels: 100, expansion: 2.3, expanded: 230, parameters: 53_100, macs: 636_859_880 },
    { channels: 60, expansion: 4.1, expanded: 246, parameters: 35_188, macs: 418_393_176 },
    { channels: 88, expansion: 120 / 88, expanded: 120, parameters: 26_298, macs: 308_282_224 },
    { channels: 100, expansion: 4.6, expanded: 460, parameters: 102_090, macs: 1_239_849_960 },
  ])(
    'gives $channels channels times $expansion all $expanded of them',
    ({ channels, expansion, expanded, ...cost }) => {
      const answer = answerOf(invertedResidual(channels, expansion), 'expansion');
      expect(answer).toEqual({ channels: expanded, ...cost });
      expect(answerOf(fused(channels, expansion), 'expansion').channels).toBe(expanded);
    },
  );

  it('still loses what is really below a whole channel', () => {
    expect(answerOf(invertedResidual(10, 2.39), 'expansion').channels).toBe(23);
    expect(answerOf(fused(10, 2.39), 'expansion').channels).toBe(23);
  });

  it('gives a block the channels that its ratio was computed from', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (channels, expanded) => {
        fc.pre(channels !== expanded && expanded / channels <= 64);
        expect(answerOf(invertedResidual(channels, expanded / channels), 'expansion').channels).toBe(expanded);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a squeeze that is no binary fraction', () => {
  // 100 x 0.29 is 28.999999999999996 in doubles.
  it.each([
    [100, 0.29, 29],
    [50, 0.58, 29],
    [88, 12 / 88, 12],
  ])('of %d channels by %d is to %d', (channels, share, squeezed) => {
    expect(answerOf(invertedResidual(channels, 6, share), 'squeeze').channels).toBe(squeezed);
  });
});
