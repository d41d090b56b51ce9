import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import type { Tensor } from '../../graph/operation.ts';
import { formatShape, normalizeAxes, sizeAt } from '../../graph/shape.ts';
import { constant, integersOf } from './constant.ts';

/** Axes in another order: axis i of the result is axis `permutation[i]` of x. Default: the reverse order. */
export function transpose(
  x: Tensor,
  permutation: readonly number[] = x.shape.map((_, axis) => axis).reverse(),
): Tensor {
  if (normalizeAxes('Transpose', permutation, x.shape).length !== x.shape.length || permutation.some((a) => a < 0)) {
    const shapes = `${formatShape(permutation)} for shape ${formatShape(x.shape)}`;
    throw new GraphError('Transpose', `the permutation must name every axis once; it is ${shapes}`);
  }
  return x.graph.addTensor({
    type: 'Transpose',
    inputs: [x, constant(x.graph, permutation, { dtype: 'int32' })],
    attributes: { T: { type: x.dtype }, Tperm: { type: 'int32' } },
    outputs: [{ dtype: x.dtype, shape: permutation.map((axis) => sizeAt('Transpose', x.shape, axis)) }],
  });
}

/** dx = dy with its axes put back in their places. */
export const transposeGradient: GradientRule = (step) => [
  () => {
    const permutation = integersOf(step.input(1));
    return transpose(
      step.gradient,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    );
  },
  undefined,
];
