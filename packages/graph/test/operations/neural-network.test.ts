import fc from 'fast-check';

import {
  add,
  avgPool,
  type BatchNormParameters,
  biasAdd,
  cast,
  constant,
  conv2d,
  type ConvolutionOptions,
  depthwiseConv2d,
  fusedBatchNormInference,
  fusedBatchNormTraining,
  l2Loss,
  logSoftmax,
  matMul,
  maxPool,
  mean,
  mul,
  type Padding,
  rsqrt,
  softmax,
  softmaxCrossEntropyWithLogits,
  square,
  sub,
  type Tensor,
} from '../../src/index.ts';
import { describeGradients, type GradientCase } from '../differentiation/gradient-check.ts';

const explicit: Padding = [1, 0, 2, 1];

/** Random images and filters, at least one for each padding and stride, with odd and even sizes. */
const convolutions = ([1, 2] as const).flatMap((strides) =>
  (['SAME', 'VALID', explicit] as const).map((padding, index) => {
    const sizes = fc.record({
      batch: fc.integer({ min: 1, max: 3 }),
      height: fc.integer({ min: 5, max: 9 }),
      width: fc.integer({ min: 5, max: 9 }),
      filterHeight: fc.integer({ min: 1, max: 5 }),
      filterWidth: fc.integer({ min: 1, max: 5 }),
      channels: fc.integer({ min: 1, max: 4 }),
      outChannels: fc.integer({ min: 1, max: 4 }),
    });
    const [drawn] = fc.sample(sizes, { numRuns: 1, seed: 10 * strides + index });
    if (drawn === undefined) throw new Error('nothing was drawn');
    return { ...drawn, options: { strides, padding } satisfies ConvolutionOptions };
  }),
);

const convolutionCases = convolutions.flatMap((drawn): GradientCase[] => {
  const { batch, height, width, filterHeight, filterWidth, channels, outChannels, options } = drawn;
  const images = [batch, height, width, channels];
  const filter = [filterHeight, filterWidth, channels];
  const title = `[${images.join(',')}] with ${filterHeight}x${filterWidth}, stride ${options.strides}, ${String(options.padding)}`;
  return [
    { title: `conv2d of ${title}`, shapes: [images, [...filter, outChannels]], build: (x, f) => conv2d(x, f, options) },
    {
      title: `depthwiseConv2d of ${title}`,
      shapes: [images, [...filter, 1]],
      build: (x, f) => depthwiseConv2d(x, f, options),
    },
  ];
});

/** From four columns on the filter's gradient takes another way, for every padding and stride. */
const wideFilterCases = ([1, 2] as const).flatMap((strides) =>
  (['SAME', 'VALID', explicit] as const).flatMap((padding) =>
    ([6, 7] as const).map((side): GradientCase => ({
      title: `depthwiseConv2d of ${side} columns with a filter of 4 x 5, stride ${strides}, ${String(padding)}`,
      shapes: [
        [2, side + 1, side, 3],
        [4, 5, 3, 1],
      ],
      build: (x, f) => depthwiseConv2d(x, f, { strides, padding }),
    })),
  ),
);

/** Filters that are wider than the images, whose gradients take another kernel too. */
const narrowImageCases = ([1, 2] as const).map((strides): GradientCase => ({
  title: `depthwiseConv2d of 2 columns with a filter of 3 x 3, stride ${strides}`,
  shapes: [
    [3, 2, 2, 3],
    [3, 3, 3, 1],
  ],
  build: (x, f) => depthwiseConv2d(x, f, { strides }),
}));

const poolCases = (
  [
    [2, 2],
    [3, 1],
    [3, 2],
  ] as const
).flatMap(([size, strides]) =>
  (['SAME', 'VALID'] as const).flatMap((padding): GradientCase[] => {
    const title = `of a window of ${size}, stride ${strides}, ${padding}`;
    const options = { size, strides, padding };
    return [
      { title: `maxPool ${title}`, shapes: [[2, 7, 6, 3]], build: (x) => maxPool(x, options) },
      { title: `avgPool ${title}`, shapes: [[2, 7, 6, 3]], build: (x) => avgPool(x, options) },
    ];
  }),
);

const channels = 3;
const epsilon = 1e-3;
function parameters(scale: Tensor, offset: Tensor): BatchNormParameters {
  return {
    scale,
    offset,
    mean: constant(scale.graph, [0.3, -0.2, 0.1]),
    variance: constant(scale.graph, [1.1, 0.9, 2]),
    epsilon,
  };
}

/** Batch normalisation out of elementary operations (Ioffe & Szegedy, 2015, algorithm 1). */
function normalize(x: Tensor, scale: Tensor, offset: Tensor): Tensor {
  const centred = sub(x, mean(x, { axes: [0, 1, 2] }));
  const variance = mean(square(centred), { axes: [0, 1, 2] });
  return add(mul(mul(centred, rsqrt(add(variance, epsilon))), scale), offset);
}

function normalizeByGiven(x: Tensor, scale: Tensor, offset: Tensor): Tensor {
  const given = parameters(scale, offset);
  const factor = mul(scale, rsqrt(add(cast(given.variance, x.dtype), epsilon)));
  return add(mul(sub(x, cast(given.mean, x.dtype)), factor), offset);
}

const batchNormCases = [false, true].flatMap((withoutOneDnn): GradientCase[] => {
  const shapes = [[4, 3, 5, channels], [channels], [channels]];
  const title = withoutOneDnn ? " by TensorFlow's own kernel" : '';
  return [
    {
      title: `fusedBatchNormTraining${title}`,
      shapes,
      build: (x, scale, offset) =>
        fusedBatchNormTraining(x, { ...parameters(scale, offset), withoutOneDnn }, { exponentialAverageFactor: 0.01 })
          .y,
      reference: normalize,
    },
    {
      title: `fusedBatchNormInference${title}`,
      shapes,
      build: (x, scale, offset) => fusedBatchNormInference(x, { ...parameters(scale, offset), withoutOneDnn }),
      reference: normalizeByGiven,
    },
  ];
});

const denseCases: GradientCase[] = [false, true].flatMap((transposeA) =>
  [false, true].map((transposeB) => ({
    title: `matMul, ${transposeA ? 'a transposed' : 'a'} by ${transposeB ? 'b transposed' : 'b'}`,
    shapes: [transposeA ? [4, 3] : [3, 4], transposeB ? [2, 4] : [4, 2]],
    build: (a, b) => matMul(a, b, { transposeA, transposeB }),
  })),
);

describeGradients('the gradient of an operation of neural networks', [
  ...convolutionCases,
  {
    title: 'conv2d with unequal strides',
    shapes: [
      [2, 9, 8, 2],
      [3, 3, 2, 3],
    ],
    build: (x, f) => conv2d(x, f, { strides: [2, 1] }),
  },
  {
    title: 'depthwiseConv2d with two filters for each channel',
    shapes: [
      [2, 6, 5, 3],
      [3, 3, 3, 2],
    ],
    build: (x, f) => depthwiseConv2d(x, f),
  },
  ...wideFilterCases,
  ...narrowImageCases,
  ...poolCases,
  {
    title: 'maxPool with explicit padding',
    shapes: [[2, 7, 6, 3]],
    build: (x) => maxPool(x, { size: 3, strides: 2, padding: explicit }),
  },
  ...batchNormCases,
  ...denseCases,
  { title: 'biasAdd to a matrix', shapes: [[4, 3], [3]], build: biasAdd },
  { title: 'biasAdd to images', shapes: [[2, 3, 4, 3], [3]], build: biasAdd },
  { title: 'l2Loss', shapes: [[2, 3, 4]], build: l2Loss },
  { title: 'softmax', shapes: [[4, 5]], build: softmax },
  { title: 'logSoftmax', shapes: [[4, 5]], build: logSoftmax },
  {
    title: 'softmaxCrossEntropyWithLogits by logits and labels',
    shapes: [
      [4, 5],
      [4, 5],
    ],
    build: (logits, scores) => softmaxCrossEntropyWithLogits(logits, softmax(scores)),
  },
]);
