import fc from 'fast-check';

import { activationFunctions, type NetworkDescription } from '../src/index.ts';

type Stage = NetworkDescription['stages'][number];

const shortcut = fc.constantFrom('none', 'where-equal', 'where-unstrided', 'projection');
const kernel = fc.constantFrom(1, 3, 5, 7);
const expansion = fc.constantFrom(1, 1.5, 2, 4, 6);
const common = {
  repeats: fc.integer({ min: 1, max: 3 }),
  channels: fc.integer({ min: 1, max: 12 }).map((count) => 4 * count),
  stride: fc.constantFrom(1, 1, 2),
  kernel,
};

/** Stages of each kind that fit any map of at least 2 positions a side. */
export const randomStages = {
  convolution: fc.record({ block: fc.constant('convolution' as const), ...common }),
  'depthwise-separable': fc.record({ block: fc.constant('depthwise-separable' as const), ...common }),
  'inverted-residual': fc.record(
    {
      block: fc.constant('inverted-residual' as const),
      ...common,
      expansion,
      keepsExpansion: fc.boolean(),
      shortcut,
      squeezeExcitation: fc.constantFrom(0.05, 0.25, 0.5),
    },
    { requiredKeys: ['block', 'repeats', 'channels', 'stride', 'kernel', 'expansion'] },
  ),
  'fused-inverted-residual': fc.record(
    { block: fc.constant('fused-inverted-residual' as const), ...common, expansion, shortcut },
    { requiredKeys: ['block', 'repeats', 'channels', 'stride', 'kernel', 'expansion'] },
  ),
  'residual-bottleneck': fc.record({
    block: fc.constant('residual-bottleneck' as const),
    ...common,
    reduction: fc.constantFrom(1, 2, 4),
    strideIn: fc.constantFrom('reduction' as const, 'middle' as const),
    shortcut,
  }),
  'residual-basic': fc.record({ block: fc.constant('residual-basic' as const), ...common, shortcut }),
} satisfies Record<Stage['block'], fc.Arbitrary<Stage>>;

const anyStage: fc.Arbitrary<Stage> = fc.oneof(...Object.values(randomStages));

/** Valid descriptions with stages drawn from `stage`: at most 3 strides, on maps of 16 positions and more. */
export function randomDescription(stage: fc.Arbitrary<Stage> = anyStage): fc.Arbitrary<NetworkDescription> {
  return fc.record(
    {
      name: fc.constantFrom('mine', 'another-one', 'net.3'),
      summary: fc.string({ maxLength: 20 }),
      input: fc.record({
        spatial: fc.tuple(fc.integer({ min: 17, max: 40 }), fc.integer({ min: 17, max: 40 })),
        channels: fc.integer({ min: 1, max: 4 }),
      }),
      classes: fc.integer({ min: 1, max: 20 }),
      activation: fc.constantFrom(...activationFunctions),
      normalization: fc.constant({ momentum: 0.9, epsilon: 1e-3 }),
      convolutionBias: fc.boolean(),
      stem: fc.record(
        {
          channels: fc.integer({ min: 1, max: 16 }),
          kernel,
          stride: fc.constantFrom(1, 2),
          padding: fc.constantFrom(0, 1, [0, 1]),
        },
        { requiredKeys: ['channels', 'kernel', 'stride'] },
      ),
      stages: fc.array(stage, { minLength: 1, maxLength: 3 }),
      head: fc.record({ channels: fc.integer({ min: 1, max: 64 }) }),
      rounding: fc.record({
        policy: fc.constantFrom('tensorflow' as const, 'torchvision' as const, 'pycls' as const),
        channelDivisor: fc.constant(4),
      }),
      regularization: fc.record({
        dropoutRate: fc.constantFrom(0, 0.2),
        stochasticDepthRate: fc.constantFrom(0, 0.3),
      }),
    },
    {
      requiredKeys: [
        'name',
        'summary',
        'input',
        'classes',
        'activation',
        'normalization',
        'stem',
        'stages',
        'rounding',
        'regularization',
      ],
    },
  );
}

/** Multipliers that keep small networks small. */
export const randomMultipliers = fc.record({
  depth: fc.double({ min: 0.4, max: 2, noNaN: true }),
  width: fc.double({ min: 0.4, max: 2, noNaN: true }),
  resolution: fc.double({ min: 1, max: 1.6, noNaN: true }),
});
