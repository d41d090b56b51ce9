import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import type { Tensor } from '../../graph/operation.ts';
import { formatShape, sameShape } from '../../graph/shape.ts';

/** The sum of one or more tensors of one shape and type. */
export function addN(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new GraphError('AddN', 'takes at least one tensor');
  for (const { dtype, shape } of tensors) {
    if (dtype !== first.dtype || !sameShape(shape, first.shape)) {
      const found = tensors.map((tensor) => `${tensor.dtype}${formatShape(tensor.shape)}`).join(', ');
      throw new GraphError('AddN', `tensors must have one type and shape; they are ${found}`);
    }
  }
  if (tensors.length === 1) return first;
  return first.graph.addTensor({
    type: 'AddN',
    inputs: tensors,
    attributes: { N: { int: tensors.length }, T: { type: first.dtype } },
    outputs: [{ dtype: first.dtype, shape: first.shape }],
  });
}

/** The gradient of every term is dy. */
export const addNGradient: GradientRule = (step) => step.inputs.map(() => () => step.gradient);
