import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { add } from './add.ts';
import { binary } from './elementwise.ts';
import { mul } from './mul.ts';
import { sigmoid } from './sigmoid.ts';

/** x sigmoid(x) of every element, differentiated as one function (Ramachandran, Zoph & Le, 2017). */
export function swish(x: Tensor): Tensor {
  const s = sigmoid(x);
  return x.graph.addTensor({
    type: 'Mul',
    name: 'Swish',
    inputs: [x, s],
    attributes: { T: { type: x.dtype } },
    outputs: [{ dtype: x.dtype, shape: x.shape }],
    composite: { type: 'Swish', inputs: [x], saved: [s] },
  });
}

/**
 * dx = dy (s + x s (1 - s)). TensorFlow has `SigmoidGrad(s, x) = x s (1 - s)` as one operation, so that three passes
 * over the elements suffice; the rules of `Mul` and `Sigmoid` with the sum of their results take four, and
 * dy (s + y (1 - s)) out of single operations takes four as well.
 */
export const swishGradient: GradientRule = (step) => [
  () => {
    const [x, s] = [step.input(0), step.saved(0)];
    return mul(step.gradient, add(s, binary('SigmoidGrad', s, x)));
  },
];
