import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import { checkType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { formatShape, sameShape, type Shape } from '../../graph/shape.ts';
import { add } from '../elementwise/add.ts';
import { mul } from '../elementwise/mul.ts';
import { constant } from './constant.ts';
import { reshape } from './reshape.ts';
import { zeroPadding } from './zero-padding.ts';

/**
 * The part of x that starts at `begin` and has the shape `size`. The start may be an int32 tensor `[rank]`, computed
 * as the graph runs; TensorFlow then refuses a start from which the size does not fit.
 */
export function slice(x: Tensor, begin: readonly number[] | Tensor, size: Shape): Tensor {
  const start = 'graph' in begin ? checkedBegin(x, begin) : constantBegin(x, begin, size);
  if (size.length !== x.shape.length || size.some((length, axis) => length < 0 || length > (x.shape[axis] ?? 0))) {
    throw new GraphError('Slice', `the size must fit; it is ${formatShape(size)} for shape ${formatShape(x.shape)}`);
  }
  return x.graph.addTensor({
    type: 'Slice',
    inputs: [x, start, constant(x.graph, size, { dtype: 'int32' })],
    attributes: { T: { type: x.dtype }, Index: { type: 'int32' } },
    outputs: [{ dtype: x.dtype, shape: size }],
  });
}

/** dx is dy with zeros around it. */
export const sliceGradient: GradientRule = (step) => [
  () => {
    const [x, begin, size] = [step.input(0), step.input(1), step.output().shape];
    const rank = x.shape.length;
    // Rows [begin, length - size - begin]: what lies before and behind the part on each axis.
    const slope = constant(x.graph, [1, -1], { dtype: 'int32' });
    const rest = x.shape.flatMap((length, axis) => [0, length - (size[axis] ?? 0)]);
    const offset = constant(x.graph, rest, { dtype: 'int32', shape: [rank, 2] });
    return zeroPadding(step.gradient, add(mul(reshape(begin, [rank, 1]), slope), offset), x.shape);
  },
  undefined,
  undefined,
];

function checkedBegin(x: Tensor, begin: Tensor): Tensor {
  checkType('Slice', 'begin', begin, ['int32']);
  if (!sameShape(begin.shape, [x.shape.length])) {
    const shapes = `${formatShape(begin.shape)} for a tensor of shape ${formatShape(x.shape)}`;
    throw new GraphError('Slice', `begin must have one element per axis; its shape is ${shapes}`);
  }
  return begin;
}

function constantBegin(x: Tensor, begin: readonly number[], size: Shape): Tensor {
  const fits = (start: number, axis: number) => start >= 0 && start + (size[axis] ?? 0) <= (x.shape[axis] ?? 0);
  if (begin.length !== x.shape.length || !begin.every(fits)) {
    const part = `begin ${formatShape(begin)}, size ${formatShape(size)}, shape ${formatShape(x.shape)}`;
    throw new GraphError('Slice', `the part must lie within the tensor: ${part}`);
  }
  return constant(x.graph, begin, { dtype: 'int32' });
}
