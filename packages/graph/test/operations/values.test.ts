import { beforeAll, describe, expect, it } from 'vitest';

import {
  argMax,
  batchMatMul,
  cast,
  constant,
  cumsum,
  denseBincount,
  equal,
  floor,
  floorDiv,
  floorMod,
  Graph,
  greater,
  greaterEqual,
  imageProjectiveTransform,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  notEqual,
  oneHot,
  range,
  sign,
  stopGradient,
  stridedSlice,
  type Tensor,
} from '../../src/index.ts';
import { load, type Result } from '../tensorflow.ts';

const graph = new Graph();
const a = [-1.5, -0, 0, 1, 2.5, 7];
const b = [-2, 0, 1, 1, 2, -3];
const p = [true, true, false, false];
const q = [true, false, true, false];
const x = constant(graph, a);
const y = constant(graph, b);
function bools(values: readonly boolean[]): Tensor {
  return constant(graph, values);
}
function truth(values: readonly boolean[]): number[] {
  return values.map(Number);
}
function pairs(compare: (u: number, v: number) => boolean): number[] {
  return truth(a.map((u, i) => compare(u, b[i] ?? NaN)));
}

/** What an operation gives, with the type and values that it must give; the shape must be the one inferred. */
const expectations: Readonly<Record<string, { tensor: Tensor; dtype: string; values: readonly number[] }>> = {
  equal: { tensor: equal(x, y), dtype: 'bool', values: pairs((u, v) => u === v) },
  notEqual: { tensor: notEqual(x, y), dtype: 'bool', values: pairs((u, v) => u !== v) },
  greater: { tensor: greater(x, y), dtype: 'bool', values: pairs((u, v) => u > v) },
  greaterEqual: { tensor: greaterEqual(x, y), dtype: 'bool', values: pairs((u, v) => u >= v) },
  less: { tensor: less(x, y), dtype: 'bool', values: pairs((u, v) => u < v) },
  lessEqual: { tensor: lessEqual(x, 1), dtype: 'bool', values: truth(a.map((u) => u <= 1)) },
  logicalAnd: { tensor: logicalAnd(bools(p), bools(q)), dtype: 'bool', values: [1, 0, 0, 0] },
  logicalOr: { tensor: logicalOr(bools(p), bools(q)), dtype: 'bool', values: [1, 1, 1, 0] },
  logicalNot: { tensor: logicalNot(bools(p)), dtype: 'bool', values: [0, 0, 1, 1] },
  floor: { tensor: floor(x), dtype: 'float32', values: [-2, -0, 0, 1, 2, 7] },
  sign: { tensor: sign(y), dtype: 'float32', values: [-1, 0, 1, 1, 1, -1] },
  stopGradient: { tensor: stopGradient(y), dtype: 'float32', values: b },
  'floorDiv towards minus infinity': {
    tensor: floorDiv(
      constant(graph, [7, -7, 7, -7], { dtype: 'int32' }),
      constant(graph, [2, 2, -2, -2], { dtype: 'int32' }),
    ),
    dtype: 'int32',
    values: [3, -4, -4, 3],
  },
  'floorMod with the sign of the divisor': {
    tensor: floorMod(
      constant(graph, [7, -7, 7, -7], { dtype: 'int32' }),
      constant(graph, [2, 2, -2, -2], { dtype: 'int32' }),
    ),
    dtype: 'int32',
    values: [1, 1, -1, -1],
  },
  'cast of floats to integers, towards 0': { tensor: cast(x, 'int32'), dtype: 'int32', values: [-1, 0, 0, 1, 2, 7] },
  'cast of truth values to floats': { tensor: cast(bools(p), 'float32'), dtype: 'float32', values: [1, 1, 0, 0] },
  'argMax along the last axis, the first of equals': {
    tensor: argMax(constant(graph, [1, 3, 3, 5, 4, 4], { shape: [2, 3] })),
    dtype: 'int32',
    values: [1, 0],
  },
  'argMax along the first axis': {
    tensor: argMax(constant(graph, [1, 3, 3, 5, 2, 4], { shape: [2, 3] }), 0),
    dtype: 'int32',
    values: [1, 0, 1],
  },
  'oneHot with smoothed values': {
    tensor: oneHot(constant(graph, [2, 0, 3], { dtype: 'int32' }), { depth: 3, on: 0.75, off: 0.125 }),
    dtype: 'float32',
    values: [0.125, 0.125, 0.75, 0.75, 0.125, 0.125, 0.125, 0.125, 0.125],
  },
  'oneHot of bytes': {
    tensor: oneHot(constant(graph, [1, 0], { dtype: 'uint8' }), { depth: 2 }),
    dtype: 'float32',
    values: [0, 1, 1, 0],
  },
  range: { tensor: range(graph, 5), dtype: 'int32', values: [0, 1, 2, 3, 4] },
  'a constant filled with one number': {
    tensor: constant(graph, 2.5, { shape: [2, 3] }),
    dtype: 'float32',
    values: Array(6).fill(2.5),
  },
  'a constant filled with one byte': {
    tensor: cast(constant(graph, 7, { dtype: 'uint8', shape: [3] }), 'int32'),
    dtype: 'int32',
    values: [7, 7, 7],
  },
  'a constant filled with one truth value': {
    tensor: constant(graph, true, { shape: [2] }),
    dtype: 'bool',
    values: [1, 1],
  },
  'a constant of int64': { tensor: cast(constant(graph, [5n, -6n]), 'float32'), dtype: 'float32', values: [5, -6] },
  'a constant filled with one int64': {
    tensor: cast(constant(graph, -(2n ** 33n), { shape: [2] }), 'float32'),
    dtype: 'float32',
    values: [-(2 ** 33), -(2 ** 33)],
  },
  'a constant of float64': {
    tensor: cast(constant(graph, new Float64Array([0.5, -2])), 'float32'),
    dtype: 'float32',
    values: [0.5, -2],
  },
  'a constant filled with one float64': {
    tensor: cast(constant(graph, 0.25, { dtype: 'float64', shape: [2] }), 'float32'),
    dtype: 'float32',
    values: [0.25, 0.25],
  },
  'a constant of bytes': {
    tensor: cast(constant(graph, new Uint8Array([0, 255])), 'int32'),
    dtype: 'int32',
    values: [0, 255],
  },
  'a constant without elements': { tensor: constant(graph, [], { shape: [0, 3] }), dtype: 'float32', values: [] },
  'half a tensor by a range that reaches beyond it': {
    tensor: stridedSlice(y, { begin: [3], end: [99] }),
    dtype: 'float32',
    values: [1, 2, -3],
  },
  'the products of pairs of matrices': {
    // [1 2; 3 4] [5; 6] and [0 1; -1 0] [7; 8]
    tensor: batchMatMul(
      constant(graph, [1, 2, 3, 4, 0, 1, -1, 0], { shape: [2, 2, 2] }),
      constant(graph, [5, 6, 7, 8], { shape: [2, 2, 1] }),
    ),
    dtype: 'float32',
    values: [17, 39, 8, -7],
  },
  'sums of all elements so far': {
    tensor: cumsum(constant(graph, [1, 2, 3, 10, 20, 30], { shape: [2, 3] }), 1),
    dtype: 'float32',
    values: [1, 3, 6, 10, 30, 60],
  },
  'sums of all elements before': {
    tensor: cumsum(constant(graph, [1, 2, 3, 10, 20, 30], { shape: [2, 3] }), -1, { exclusive: true }),
    dtype: 'float32',
    values: [0, 1, 3, 0, 10, 30],
  },
  'a count of integers in every row, without those beyond the last': {
    tensor: cast(denseBincount(constant(graph, [0n, 2n, 2n, 1n, 1n, 3n], { shape: [2, 3] }), 3), 'float32'),
    dtype: 'float32',
    values: [1, 0, 2, 0, 2, 0],
  },
  'the images turned left to right and moved down, by bytes': {
    tensor: cast(
      imageProjectiveTransform(
        constant(graph, new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), { shape: [2, 2, 2, 1] }),
        constant(graph, [-1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, -1, 0, 0], { shape: [2, 8] }),
        { interpolation: 'NEAREST', fill: 9 },
      ),
      'int32',
    ),
    dtype: 'int32',
    values: [2, 1, 4, 3, 9, 9, 5, 6],
  },
  'an image between its pixels, in another size, filled where it ends': {
    // Half a pixel to the right: between 1 and 2, between 2 and the fill.
    tensor: imageProjectiveTransform(
      constant(graph, [1, 2], { shape: [1, 1, 2, 1] }),
      constant(graph, [1, 0, 0.5, 0, 1, 0, 0, 0], { shape: [1, 8] }),
      { size: [1, 3], fill: 6 },
    ),
    dtype: 'float32',
    values: [1.5, 4, 6],
  },
  'a tensor backwards': { tensor: stridedSlice(y, { strides: [-1] }), dtype: 'float32', values: [...b].reverse() },
};

describe('the value of an operation', () => {
  let results: Readonly<Record<string, Result>>;
  const names = Object.keys(expectations);
  beforeAll(async () => {
    const outputs = Object.fromEntries(Object.values(expectations).map(({ tensor }, index) => [`t${index}`, tensor]));
    const loaded = await load(graph, { signatures: { all: { outputs } } });
    results = await loaded.run('all');
    await loaded.dispose();
  });

  it.each(names)('%s', (name) => {
    const expected = expectations[name];
    const result = results[`t${names.indexOf(name)}`];
    expect(result?.shape).toEqual(expected?.tensor.shape);
    expect(result?.dtype).toBe(expected?.dtype);
    // TensorFlow distinguishes -0 from 0, the expectations do not.
    expect(result?.values.map((value) => value + 0)).toEqual(expected?.values.map((value) => value + 0));
  });
});
