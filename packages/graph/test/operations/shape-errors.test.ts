import { describe, expect, it } from 'vitest';

import {
  add,
  addN,
  argMax,
  avgPool,
  batchMatMul,
  biasAdd,
  broadcastTo,
  concat,
  constant,
  conv2d,
  cumsum,
  denseBincount,
  depthwiseConv2d,
  type DType,
  fusedBatchNormInference,
  fusedBatchNormTraining,
  gather,
  Graph,
  imageProjectiveTransform,
  logicalAnd,
  matMul,
  maxPool,
  oneHot,
  pack,
  pad,
  placeholder,
  reshape,
  restore,
  reverse,
  save,
  scaleAndTranslate,
  select,
  type Shape,
  slice,
  softmaxCrossEntropyWithLogits,
  sqrt,
  statelessRandomGamma,
  stridedSlice,
  sum,
  type Tensor,
  transpose,
} from '../../src/index.ts';

const graph = new Graph();
function tensor(shape: Shape, dtype: DType = 'float32'): Tensor {
  return placeholder(graph, 'x', { shape, dtype });
}
const images = tensor([8, 32, 32, 3]);
function statistics(size: number) {
  const vector = tensor([size]);
  return { scale: vector, offset: vector, mean: vector, variance: vector };
}

/** What cannot be built, and the message that says why: the operation, the rule and the actual shapes. */
const refusals: readonly (readonly [build: () => unknown, message: string | RegExp])[] = [
  [() => add(tensor([2, 3]), tensor([2, 4])), 'AddV2: shapes must broadcast; they are [2,3] and [2,4]'],
  [() => add(tensor([2]), tensor([2], 'int32')), 'AddV2: operands must have one type; they are float32 and int32'],
  [() => add(1, 2), 'AddV2: one of the operands must be a tensor; both are numbers'],
  [
    () => addN([tensor([2]), tensor([3])]),
    'AddN: tensors must have one type and shape; they are float32[2], float32[3]',
  ],
  [() => addN([]), 'AddN: takes at least one tensor'],
  [() => argMax(tensor([2]), 1), 'ArgMax: axis 1 is not an axis of shape [2]'],
  [
    () => avgPool(images, { size: 2, padding: [1, 1, 1, 1] }),
    'AvgPool: the padding must be SAME or VALID; it is 1, 1, 1, 1',
  ],
  [
    () => batchMatMul(tensor([2, 3, 4]), tensor([3, 4, 5])),
    'BatchMatMulV2: batch and inner sizes must be equal; the shapes are [2,3,4] and [3,4,5]',
  ],
  [() => cumsum(tensor([2, 3]), 2), 'Cumsum: axis 2 is not an axis of shape [2,3]'],
  [() => denseBincount(tensor([2, 3]), 4), 'DenseBincount: the values must be int64; it is float32'],
  [
    () => imageProjectiveTransform(images, tensor([1, 8])),
    'ImageProjectiveTransformV3: there must be one row of 8 numbers per image; the shape is [1,8] for 8 images',
  ],
  [
    () => statelessRandomGamma(tensor([2], 'int32'), { shape: [3], alpha: 0 }),
    'StatelessRandomGammaV2: alpha must be above 0; it is 0',
  ],
  [
    () => biasAdd(tensor([2, 3]), tensor([2])),
    'BiasAdd: the bias must have the size of the last axis of a tensor of rank 2 or more; it is [2] for [2,3]',
  ],
  [() => broadcastTo(tensor([2, 3]), [3]), 'BroadcastTo: [2,3] does not broadcast to [3]'],
  [
    () => concat([tensor([2, 3]), tensor([3, 3])], 1),
    'ConcatV2: tensors must agree in type and off axis 1; they are float32[2,3], float32[3,3]',
  ],
  [() => constant(graph, [1, 2, 3], { shape: [2, 2] }), 'Const: shape [2,2] has 4 elements, but 3 are given'],
  [
    () => constant(graph, [1.5], { dtype: 'int32' }),
    'Const: elements must be integers from -2147483648 to 2147483647; one is 1.5',
  ],
  [() => constant(graph, [256], { dtype: 'uint8' }), 'Const: elements must be integers from 0 to 255; one is 256'],
  [() => constant(graph, [0.5], { dtype: 'int64' }), 'Const: elements must be integers; one is 0.5'],
  [() => constant(graph, ['x'], { dtype: 'float32' }), 'Const: "x" is not a number'],
  [() => constant(graph, 1, { dtype: 'half' }), 'Const: this type has no constants; build it in float32 and cast it'],
  [
    () => conv2d(images, tensor([3, 3, 4, 16])),
    "Conv2D: the filter must take the input's channels; input and filter are [8,32,32,3] and [3,3,4,16]",
  ],
  [() => conv2d(tensor([8, 32, 3]), tensor([3, 3, 3, 4])), 'Conv2D: the input must have rank 4; its shape is [8,32,3]'],
  [
    () => conv2d(images, tensor([33, 3, 3, 4]), { padding: 'VALID' }),
    'Conv2D: the window must fit into the padded image; their sizes are [33,32]',
  ],
  [
    () => conv2d(images, tensor([3, 3, 3, 4]), { strides: 0 }),
    'Conv2D: sizes must be integers of at least 1, paddings of at least 0: window [3,3], strides [0,0], padding SAME',
  ],
  [
    () => conv2d(images, tensor([3, 3, 3, 4]), { padding: [0, -1, 0, 0] }),
    'Conv2D: sizes must be integers of at least 1, paddings of at least 0: window [3,3], strides [1,1], padding 0,-1,0,0',
  ],
  [
    () => depthwiseConv2d(images, tensor([3, 3, 3, 1]), { strides: [1, 2] }),
    'DepthwiseConv2dNative: TensorFlow takes equal strides only; they are [1,2]',
  ],
  [
    () => depthwiseConv2d(images, tensor([3, 3, 2, 1])),
    "DepthwiseConv2dNative: the filter must take the input's channels; input and filter are [8,32,32,3] and [3,3,2,1]",
  ],
  [
    () => fusedBatchNormInference(images, statistics(4)),
    'FusedBatchNormV3: scale must have one element per channel; its shape is [4] for [8,32,32,3]',
  ],
  [
    () => fusedBatchNormTraining(images, statistics(3), { exponentialAverageFactor: 0 }),
    'FusedBatchNormV3: the exponential average factor must lie above 0 and at most at 1; it is 0',
  ],
  [() => gather(tensor([2]), tensor([2])), 'GatherV2: the indices must be int32 or int64; it is float32'],
  [() => logicalAnd(tensor([2]), tensor([2], 'bool')), 'LogicalAnd: a must be bool; it is float32'],
  [() => matMul(tensor([2, 3]), tensor([2, 3])), 'MatMul: inner sizes must be equal; the matrices are [2,3] and [2,3]'],
  [
    () => matMul(tensor([2, 3]), tensor([2, 3]), { transposeA: true, transposeB: true }),
    'MatMul: inner sizes must be equal; the matrices are [2,3] transposed and [2,3] transposed',
  ],
  [
    () => maxPool(images, { size: 0 }),
    'MaxPool: sizes must be integers of at least 1, paddings of at least 0: window [0,0], strides [0,0], padding VALID',
  ],
  [() => oneHot(tensor([2]), { depth: 3 }), 'OneHot: the indices must be int32 or int64 or uint8; it is float32'],
  [
    () => pack([tensor([2]), tensor([3])]),
    'Pack: tensors must have one type and shape; they are float32[2], float32[3]',
  ],
  [
    () => pad(tensor([2]), [[1, -1]]),
    'Pad: there must be one pair of counts of at least 0 per axis; they are [1,-1] for shape [2]',
  ],
  [
    () => placeholder(graph, 'x', { dtype: 'float32', shape: [2, -1] }),
    'Placeholder: sizes must be integers of at least 0; the shape is [2,-1]',
  ],
  [() => reshape(tensor([2, 3]), [4, -1]), 'Reshape: the element count must stay; from [2,3] to [4,-1]'],
  [() => reshape(tensor([4]), [-1, -1]), 'Reshape: the element count must stay; from [4] to [-1,-1]'],
  [
    () => restore(tensor([], 'int32'), { a: { dtype: 'float32', shape: [] } }),
    'RestoreV2: the prefix must be string; it is int32',
  ],
  [() => reverse(tensor([2]), [0, -1]), 'ReverseV2: axes must differ; they are [0,-1] for shape [2]'],
  [() => save(tensor([], 'string'), {}), 'SaveV2: takes at least one tensor'],
  [
    () => scaleAndTranslate(images, { size: [4, 4], scale: tensor([3]) }),
    'ScaleAndTranslate: scale must have shape [2]; its shape is [3]',
  ],
  [() => select(tensor([2]), 1, tensor([2])), 'SelectV2: the condition must be bool; it is float32'],
  [
    () => slice(tensor([4, 4]), [2, 0], [3, 1]),
    'Slice: the part must lie within the tensor: begin [2,0], size [3,1], shape [4,4]',
  ],
  [() => slice(tensor([4, 4]), tensor([2], 'int32'), [5, 1]), 'Slice: the size must fit; it is [5,1] for shape [4,4]'],
  [
    () => slice(tensor([4, 4]), tensor([3], 'int32'), [1, 1]),
    'Slice: begin must have one element per axis; its shape is [3] for a tensor of shape [4,4]',
  ],
  [
    () => softmaxCrossEntropyWithLogits(tensor([2, 3]), tensor([2, 4])),
    'SoftmaxCrossEntropyWithLogits: logits and labels must have one shape; they are [2,3] and [2,4]',
  ],
  [() => sqrt(tensor([2], 'int32')), /^Sqrt: takes floating-point tensors; x_\d+ is int32$/],
  [
    () => stridedSlice(tensor([2]), { strides: [0] }),
    'StridedSlice: strides must be integers other than 0; that of axis 0 is 0',
  ],
  [() => stridedSlice(tensor([2]), { begin: [0, 1] }), 'StridedSlice: 2 axes are named, but the shape is [2]'],
  [() => sum(tensor([2, 3]), { axes: [2] }), 'Sum: axis 2 is not an axis of shape [2,3]'],
  [
    () => transpose(tensor([2, 3]), [0]),
    'Transpose: the permutation must name every axis once; it is [0] for shape [2,3]',
  ],
];

describe('an operation that cannot be built', () => {
  it.each(refusals.map(([build, message]) => ({ build, message })))('says $message', ({ build, message }) => {
    expect(build).toThrow(message);
  });
});
