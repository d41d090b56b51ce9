import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import type { Tensor } from '../../graph/operation.ts';
import { formatShape, normalizeAxis, sameShape, type Shape, sizeAt, unknownSize } from '../../graph/shape.ts';
import { constant, integersOf } from './constant.ts';
import { slice } from './slice.ts';

/** Tensors put one behind the other along an axis; the other axes must agree. */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new GraphError('ConcatV2', 'takes at least one tensor');
  const along = normalizeAxis('ConcatV2', axis, first.shape);
  for (const tensor of tensors) {
    if (tensor.dtype !== first.dtype || !sameShape(without(tensor.shape, along), without(first.shape, along))) {
      const found = tensors.map(({ dtype, shape }) => `${dtype}${formatShape(shape)}`).join(', ');
      throw new GraphError('ConcatV2', `tensors must agree in type and off axis ${along}; they are ${found}`);
    }
  }
  if (tensors.length === 1) return first;
  if (tensors.some(({ shape }) => shape[along] === unknownSize)) {
    throw new GraphError('ConcatV2', `axis ${along} has an unknown size`);
  }
  const size = tensors.reduce((total, tensor) => total + sizeAt('ConcatV2', tensor.shape, along), 0);
  return first.graph.addTensor({
    type: 'ConcatV2',
    inputs: [...tensors, constant(first.graph, along, { dtype: 'int32' })],
    attributes: { N: { int: tensors.length }, T: { type: first.dtype }, Tidx: { type: 'int32' } },
    outputs: [{ dtype: first.dtype, shape: first.shape.map((old, at) => (at === along ? size : old)) }],
  });
}

/** Every tensor's gradient is its slice of dy. */
export const concatGradient: GradientRule = (step) => {
  const tensors = step.inputs.slice(0, -1);
  const [axis = 0] = integersOf(step.input(tensors.length));
  let next = 0;
  const gradients = tensors.map((tensor) => {
    const start = next;
    next += sizeAt('ConcatV2', tensor.shape, axis);
    const begin = tensor.shape.map((_, at) => (at === axis ? start : 0));
    return () => slice(step.gradient, begin, tensor.shape);
  });
  return [...gradients, undefined];
};

function without(shape: Shape, axis: number): Shape {
  return shape.filter((_, at) => at !== axis);
}
