import { describe, expect, it } from 'vitest';

import {
  add,
  biasAdd,
  concat,
  constant,
  conv2d,
  depthwiseConv2d,
  fusedBatchNormInference,
  gradients,
  Graph,
  matMul,
  maxPool,
  mean,
  pad,
  placeholder,
  relu,
  reshape,
  resizeBilinear,
  slice,
  softmax,
  stridedSlice,
  sum,
  swish,
  type Tensor,
  unknownSize,
} from '../src/index.ts';
import { load } from './tensorflow.ts';

/** Numbers that repeat nothing within a tensor. */
function numbers(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, index) => Math.sin(index + 1));
}

/** Something of every operation that a network is made of, on images [batch, 5, 6, 2]. */
function build(batch: number) {
  const graph = new Graph();
  const images = placeholder(graph, 'images', { dtype: 'float32', shape: [batch, 5, 6, 2] });
  const filled = (shape: number[]): Tensor =>
    constant(graph, numbers(shape.reduce((size, side) => size * side, 1)), { dtype: 'float32', shape });
  const resized = resizeBilinear(images, [8, 8]);
  const convolved = biasAdd(conv2d(resized, filled([3, 3, 2, 4]), { strides: 2 }), filled([4]));
  const vector = constant(graph, [1, 2, 3, 4]);
  const normalized = fusedBatchNormInference(convolved, {
    scale: vector,
    offset: vector,
    mean: vector,
    variance: vector,
  });
  const pointwise = reshape(matMul(reshape(swish(normalized), [-1, 4]), filled([4, 4])), [batch, 4, 4, 4]);
  const depthwise = depthwiseConv2d(relu(pointwise), filled([3, 3, 4, 1]));
  const pooled = maxPool(add(depthwise, pointwise), { size: 2, padding: 'SAME' });
  const sampled = stridedSlice(pooled, { strides: [1, 2, 1, 1] });
  const padded = pad(sampled, [
    [0, 0],
    [0, 0],
    [0, 0],
    [1, 1],
  ]);
  const both = concat([padded, padded], -1);
  const probabilities = softmax(matMul(mean(both, { axes: [1, 2] }), filled([12, 3])));
  return { graph, images, probabilities };
}

describe('a batch of unknown size', () => {
  it('gives for any number of images the bits that a graph for that number gives', async () => {
    const open = build(unknownSize);
    expect(open.probabilities.shape).toEqual([unknownSize, 3]);
    const signatures = { run: { inputs: { images: open.images }, outputs: { y: open.probabilities } } };
    const model = await load(open.graph, { signatures });
    for (const batch of [1, 2, 7]) {
      const known = build(batch);
      const fixed = await load(known.graph, {
        signatures: { run: { inputs: { images: known.images }, outputs: { y: known.probabilities } } },
      });
      const images = numbers(batch * 60);
      const { y } = await model.run('run', { images });
      expect(y?.shape).toEqual([batch, 3]);
      expect(y?.values).toEqual((await fixed.run('run', { images }))['y']?.values);
      await fixed.dispose();
    }
    await model.dispose();
  });

  const graph = new Graph();
  const open = placeholder(graph, 'x', { dtype: 'float32', shape: [unknownSize, 4] });

  it.each<readonly [string, () => unknown, string]>([
    ['is the first size alone', () => placeholder(graph, 'y', { dtype: 'float32', shape: [4, -1] }), 'Placeholder'],
    ['is of a placeholder alone', () => constant(graph, 1, { dtype: 'float32', shape: [-1, 4] }), 'Const'],
    ['cannot be cut', () => slice(open, [0, 0], [1, 4]), 'Slice: the part must lie within the tensor'],
    ['cannot be sampled', () => stridedSlice(open, { strides: [2, 1] }), 'axis 0 has an unknown size'],
    ['cannot begin elsewhere', () => stridedSlice(open, { begin: [1] }), 'axis 0 has an unknown size'],
    [
      'cannot be padded',
      () =>
        pad(open, [
          [1, 0],
          [0, 0],
        ]),
      'Pad: axis 0 has an unknown size',
    ],
    ['cannot be appended to', () => concat([open, open], 0), 'ConcatV2: axis 0 has an unknown size'],
    ['cannot get a known size', () => reshape(open, [2, 4]), 'must stay as one unknown size'],
    ['cannot end within a row', () => reshape(open, [-1, 3]), 'must stay as one unknown size'],
    ['has no gradients', () => gradients(sum(open), [open]), 'gradients need known sizes'],
  ])('%s', (_, use, message) => {
    expect(use).toThrow(message);
  });
});
