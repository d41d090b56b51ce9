import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { sum } from '../array/sum.ts';
import { unaryFloating } from '../elementwise/elementwise.ts';
import { mul } from '../elementwise/mul.ts';
import { sub } from '../elementwise/sub.ts';

/** exp(x) over its sum along the last axis. */
export function softmax(logits: Tensor): Tensor {
  return unaryFloating('Softmax', logits);
}

/** dx = y (dy - sum(dy y)). */
export const softmaxGradient: GradientRule = (step) => [
  () => {
    const [y, dy] = [step.output(), step.gradient];
    return mul(y, sub(dy, sum(mul(dy, y), { axes: [-1], keepDims: true })));
  },
];
