import {
  add,
  broadcastTo,
  concat,
  constant,
  gather,
  type Graph,
  max,
  mean,
  min,
  mul,
  pack,
  pad,
  reshape,
  reverse,
  slice,
  stridedSlice,
  sum,
  type Tensor,
  transpose,
} from '../../src/index.ts';
import { describeGradients, type GradientCase } from '../differentiation/gradient-check.ts';

function indices(graph: Graph, values: readonly number[], shape: readonly number[]): Tensor {
  return constant(graph, values, { dtype: 'int32', shape });
}
function begin(x: Tensor, values: readonly number[]): Tensor {
  // Computed as the graph runs, so that the builder cannot know it.
  return add(
    constant(x.graph, values, { dtype: 'int32' }),
    constant(
      x.graph,
      values.map(() => 0),
      { dtype: 'int32' },
    ),
  );
}

const cases: GradientCase[] = [
  { title: 'reshape with an axis left open', shapes: [[2, 3, 4]], build: (x) => reshape(x, [4, -1]) },
  { title: 'transpose by a permutation of order 3', shapes: [[2, 3, 4]], build: (x) => transpose(x, [1, 2, 0]) },
  { title: 'transpose of a matrix', shapes: [[2, 3]], build: (x) => transpose(x) },
  {
    title: 'broadcastTo with copies in front and within',
    shapes: [[3, 1, 2]],
    build: (x) => broadcastTo(x, [2, 3, 4, 2]),
  },
  {
    title: 'concat along the last axis',
    shapes: [
      [2, 3],
      [2, 1],
      [2, 4],
    ],
    build: (...parts) => concat(parts, -1),
  },
  {
    title: 'concat along the first axis',
    shapes: [
      [2, 3],
      [1, 3],
    ],
    build: (...parts) => concat(parts, 0),
  },
  {
    title: 'pack along a middle axis',
    shapes: [
      [2, 3],
      [2, 3],
    ],
    build: (...parts) => pack(parts, 1),
  },
  {
    title: 'pad',
    shapes: [[2, 3]],
    build: (x) =>
      pad(x, [
        [1, 0],
        [2, 3],
      ]),
  },
  { title: 'slice', shapes: [[4, 5, 2]], build: (x) => slice(x, [1, 2, 0], [2, 3, 1]) },
  { title: 'slice from a computed start', shapes: [[4, 5]], build: (x) => slice(x, begin(x, [1, 2]), [2, 3]) },
  { title: 'stridedSlice forwards', shapes: [[5, 6]], build: (x) => stridedSlice(x, { begin: [1], strides: [2, 3] }) },
  {
    title: 'stridedSlice backwards to the first element',
    shapes: [[5, 6]],
    build: (x) => stridedSlice(x, { begin: [-2, null], end: [null, 1], strides: [-2, -1] }),
  },
  { title: 'reverse', shapes: [[2, 3, 2]], build: (x) => reverse(x, [1, -1]) },
  {
    title: 'gather along the first axis with repeats',
    shapes: [[4, 3]],
    build: (x) => gather(x, indices(x.graph, [3, 0, 3, 1, 1, 3], [2, 3])),
  },
  {
    title: 'gather along a middle axis',
    shapes: [[2, 4, 3]],
    build: (x) => gather(x, indices(x.graph, [2, 2, 0], [3]), 1),
  },
  { title: 'sum of all elements', shapes: [[2, 3, 2]], build: (x) => sum(x) },
  { title: 'sum along outer axes', shapes: [[2, 3, 2]], build: (x) => sum(x, { axes: [0, 1] }) },
  { title: 'sum along inner axes, kept', shapes: [[2, 3, 2]], build: (x) => sum(x, { axes: [-1], keepDims: true }) },
  { title: 'mean of all elements', shapes: [[2, 3]], build: (x) => mean(x) },
  { title: 'mean along height and width', shapes: [[2, 3, 4, 2]], build: (x) => mean(x, { axes: [1, 2] }) },
  {
    title: 'mean beside a path that keeps the shape',
    shapes: [[2, 3, 4, 2]],
    build: (x) => mul(x, mean(x, { axes: [1, 2], keepDims: true })),
  },
  { title: 'max of all elements', shapes: [[3, 4]], build: (x) => max(x) },
  { title: 'max along an axis', shapes: [[3, 4]], build: (x) => max(x, { axes: [1] }) },
  { title: 'min of all elements', shapes: [[3, 4]], build: (x) => min(x) },
  { title: 'min along kept axes', shapes: [[3, 4, 2]], build: (x) => min(x, { axes: [0, 2], keepDims: true }) },
  { title: 'max along kept axes', shapes: [[3, 4, 2]], build: (x) => max(x, { axes: [0, 2], keepDims: true }) },
];

describeGradients('the gradient of an operation on arrays', cases);
