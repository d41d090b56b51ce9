import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import type { Tensor } from '../../graph/operation.ts';
import { formatShape, unknownSize } from '../../graph/shape.ts';
import { constant } from './constant.ts';

/** Per axis: where to start, before which index to stop and how far to go. Axes that are left out are taken whole. */
export interface StridedSliceOptions {
  /** Negative indices count from the back; null is the first element in the direction of the stride. */
  readonly begin?: readonly (number | null)[];
  /** Negative indices count from the back; null is past the last element in the direction of the stride. */
  readonly end?: readonly (number | null)[];
  /** Default: 1 for each axis; negative strides go backwards. */
  readonly strides?: readonly number[];
}

interface AxisRange {
  readonly begin: number;
  readonly end: number;
  readonly stride: number;
  readonly length: number;
}

/** Every stride-th element of a range of indices per axis, as Python's `x[begin:end:stride]`. */
export function stridedSlice(x: Tensor, options: StridedSliceOptions): Tensor {
  const ranges = x.shape.map((size, axis) =>
    size === unknownSize ? wholeBatch(axis, options) : axisRange(size, axis, options),
  );
  const named = Math.max(options.begin?.length ?? 0, options.end?.length ?? 0, options.strides?.length ?? 0);
  if (named > x.shape.length) {
    throw new GraphError('StridedSlice', `${named} axes are named, but the shape is ${formatShape(x.shape)}`);
  }
  const { inputs, attributes } = rangeArguments(x, ranges);
  return x.graph.addTensor({
    type: 'StridedSlice',
    inputs: [x, ...inputs],
    attributes,
    outputs: [{ dtype: x.dtype, shape: ranges.map(({ length }) => length) }],
  });
}

/** dx is dy at the places that were taken and 0 elsewhere. */
export const stridedSliceGradient: GradientRule = (step) => [
  () => {
    const [x, dy] = [step.input(0), step.gradient];
    return dy.graph.addTensor({
      type: 'StridedSliceGrad',
      inputs: [constant(dy.graph, x.shape, { dtype: 'int32' }), step.input(1), step.input(2), step.input(3), dy],
      attributes: step.operation.attributes,
      outputs: [{ dtype: x.dtype, shape: x.shape }],
    });
  },
  undefined,
  undefined,
  undefined,
];

function axisRange(size: number, axis: number, options: StridedSliceOptions): AxisRange {
  const stride = options.strides?.[axis] ?? 1;
  if (!Number.isInteger(stride) || stride === 0) {
    throw new GraphError('StridedSlice', `strides must be integers other than 0; that of axis ${axis} is ${stride}`);
  }
  // An infinite index is past the last element in its direction, wherever that is.
  const defaults = stride > 0 ? [0, Infinity] : [Infinity, -Infinity];
  const [begin = 0, end = 0] = [options.begin?.[axis], options.end?.[axis]].map((index, bound) => {
    return resolveIndex(index ?? defaults[bound] ?? 0, size, stride);
  });
  return { begin, end, stride, length: Math.max(0, Math.ceil((end - begin) / stride)) };
}

/** All of an axis of unknown size: the mask of its end, which is below 0, makes TensorFlow go to the last element. */
function wholeBatch(axis: number, { begin, end, strides }: StridedSliceOptions): AxisRange {
  if ((strides?.[axis] ?? 1) !== 1 || (begin?.[axis] ?? null) !== null || (end?.[axis] ?? null) !== null) {
    throw new GraphError('StridedSlice', `axis ${axis} has an unknown size, so it must be taken whole`);
  }
  return { begin: 0, end: -1, stride: 1, length: unknownSize };
}

function resolveIndex(index: number, size: number, stride: number): number {
  const [lowest, highest] = stride > 0 ? [0, size] : [-1, size - 1];
  return Math.min(Math.max(index < 0 ? index + size : index, lowest), highest);
}

function rangeArguments(x: Tensor, ranges: readonly AxisRange[]) {
  const integers = (of: (range: AxisRange) => number): Tensor => constant(x.graph, ranges.map(of), { dtype: 'int32' });
  // An end of -1 would count from the back; the mask says "past the first element" instead.
  const mask = (holds: (range: AxisRange) => boolean): { int: number } => ({
    int: ranges.reduce((bits, range, axis) => (holds(range) ? bits | (1 << axis) : bits), 0),
  });
  return {
    inputs: [integers(({ begin }) => begin), integers(({ end }) => end), integers(({ stride }) => stride)],
    attributes: {
      T: { type: x.dtype },
      Index: { type: 'int32' },
      begin_mask: mask(({ begin }) => begin < 0),
      end_mask: mask(({ end }) => end < 0),
      ellipsis_mask: { int: 0 },
      new_axis_mask: { int: 0 },
      shrink_axis_mask: { int: 0 },
    },
  } as const;
}
