import { buildNetwork, type Network, type NetworkDescription, scaleBaseline } from '@compound-search/networks';
import fc from 'fast-check';

type Stage = NetworkDescription['stages'][number];

const activation = fc.constantFrom('swish', 'relu', 'relu6', 'sigmoid', 'hard-swish', 'linear');
const shortcut = fc.constantFrom('none', 'where-equal', 'where-unstrided', 'projection');
const kernel = fc.oneof(fc.constantFrom(1, 3, 5), fc.constantFrom([1, 3], [3, 1]));
const common = {
  repeats: fc.integer({ min: 1, max: 3 }),
  channels: fc.integer({ min: 1, max: 8 }).map((count) => 4 * count),
  stride: fc.oneof(fc.constantFrom(1, 1, 2), fc.constantFrom([1, 2], [2, 1])),
  kernel,
};
/** TensorFlow's depthwise convolution takes equal strides only; a search over others is refused when it is planned. */
const depthwise = { ...common, stride: fc.constantFrom(1, 1, 2) };
const expansion = fc.constantFrom(1, 1.5, 3, 6);

const stages = {
  convolution: fc.record({ block: fc.constant('convolution'), ...common }),
  'depthwise-separable': fc.record({ block: fc.constant('depthwise-separable'), ...depthwise }),
  'inverted-residual': fc.record({
    block: fc.constant('inverted-residual'),
    ...depthwise,
    expansion,
    keepsExpansion: fc.boolean(),
    shortcut,
  }),
  'inverted-residual with squeeze-and-excitation': fc.record({
    block: fc.constant('inverted-residual'),
    ...depthwise,
    expansion,
    keepsExpansion: fc.boolean(),
    shortcut,
    squeezeExcitation: fc.constantFrom(0.05, 0.25, 0.5),
  }),
  'fused-inverted-residual': fc.record({
    block: fc.constant('fused-inverted-residual'),
    ...common,
    expansion,
    shortcut,
  }),
  'residual-bottleneck': fc.record({
    block: fc.constant('residual-bottleneck'),
    ...common,
    reduction: fc.constantFrom(1, 2, 4),
    strideIn: fc.constantFrom('reduction', 'middle'),
    shortcut,
  }),
  'residual-basic': fc.record({ block: fc.constant('residual-basic'), ...common, shortcut }),
} as const satisfies Record<string, fc.Arbitrary<Stage>>;

function randomNetwork(stage: fc.Arbitrary<Stage>): fc.Arbitrary<Network> {
  const side = fc.integer({ min: 17, max: 40 });
  return fc
    .record({
      description: fc.record({
        name: fc.constant('drawn'),
        summary: fc.constant(''),
        input: fc.record({ spatial: fc.tuple(side, side), channels: fc.integer({ min: 1, max: 4 }) }),
        classes: fc.integer({ min: 2, max: 20 }),
        activation,
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
        rounding: fc.constant({ policy: 'tensorflow' as const, channelDivisor: 4 }),
        regularization: fc.constant({ dropoutRate: 0.2, stochasticDepthRate: 0.2 }),
      }),
      multipliers: fc.record({
        depth: fc.double({ min: 0.5, max: 2, noNaN: true }),
        width: fc.double({ min: 0.5, max: 2, noNaN: true }),
        resolution: fc.double({ min: 1, max: 1.5, noNaN: true }),
      }),
    })
    .map(({ description, multipliers }) => buildNetwork(scaleBaseline(description, multipliers)));
}

/** Networks drawn at random, by the kind of their blocks; at most four strides, on maps of at least 17 positions a side. */
export const randomNetworks = Object.fromEntries(
  Object.entries(stages).map(([kind, stage]) => [kind, randomNetwork(stage)]),
);
