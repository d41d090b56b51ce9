import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { normalizeAxes } from '../../graph/shape.ts';
import { constant, integersOf } from './constant.ts';

/** The elements in the opposite order along the given axes. */
export function reverse(x: Tensor, axes: readonly number[]): Tensor {
  const normalized = normalizeAxes('ReverseV2', axes, x.shape);
  return x.graph.addTensor({
    type: 'ReverseV2',
    inputs: [x, constant(x.graph, normalized, { dtype: 'int32' })],
    attributes: { T: { type: x.dtype }, Tidx: { type: 'int32' } },
    outputs: [{ dtype: x.dtype, shape: x.shape }],
  });
}

/** dx = dy reversed along the same axes. */
export const reverseGradient: GradientRule = (step) => [
  () => reverse(step.gradient, integersOf(step.input(1))),
  undefined,
];
