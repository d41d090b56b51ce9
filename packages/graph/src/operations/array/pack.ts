import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import type { Tensor } from '../../graph/operation.ts';
import { formatShape, normalizeAxis, sameShape } from '../../graph/shape.ts';
import { reshape } from './reshape.ts';
import { slice } from './slice.ts';

/** Tensors of one shape stacked along a new axis. */
export function pack(tensors: readonly Tensor[], axis = 0): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new GraphError('Pack', 'takes at least one tensor');
  if (tensors.some(({ dtype, shape }) => dtype !== first.dtype || !sameShape(shape, first.shape))) {
    const found = tensors.map(({ dtype, shape }) => `${dtype}${formatShape(shape)}`).join(', ');
    throw new GraphError('Pack', `tensors must have one type and shape; they are ${found}`);
  }
  const along = normalizeAxis('Pack', axis, [...first.shape, tensors.length]);
  return first.graph.addTensor({
    type: 'Pack',
    inputs: tensors,
    attributes: { N: { int: tensors.length }, T: { type: first.dtype }, axis: { int: along } },
    outputs: [{ dtype: first.dtype, shape: first.shape.toSpliced(along, 0, tensors.length) }],
  });
}

/** Every tensor's gradient is its slice of dy. */
export const packGradient: GradientRule = (step) => {
  const axis = step.operation.attributes['axis'];
  const along = axis !== undefined && 'int' in axis ? axis.int : 0;
  const whole = step.output().shape;
  return step.inputs.map((tensor, index) => () => {
    const begin = whole.map((_, at) => (at === along ? index : 0));
    return reshape(slice(step.gradient, begin, whole.with(along, 1)), tensor.shape);
  });
};
