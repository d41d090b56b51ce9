import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { checkFloating } from '../elementwise/elementwise.ts';
import { mul } from '../elementwise/mul.ts';

/** Half the sum of the squares of all elements, a scalar. */
export function l2Loss(x: Tensor): Tensor {
  checkFloating('L2Loss', x);
  return x.graph.addTensor({
    type: 'L2Loss',
    inputs: [x],
    attributes: { T: { type: x.dtype } },
    outputs: [{ dtype: x.dtype, shape: [] }],
  });
}

/** dx = dy x. */
export const l2LossGradient: GradientRule = (step) => [() => mul(step.input(0), step.gradient)];
