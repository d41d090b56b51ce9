import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { sum } from '../array/sum.ts';
import { unaryFloating } from '../elementwise/elementwise.ts';
import { exp } from '../elementwise/exp.ts';
import { mul } from '../elementwise/mul.ts';
import { sub } from '../elementwise/sub.ts';

/** The logarithm of the softmax along the last axis. */
export function logSoftmax(logits: Tensor): Tensor {
  return unaryFloating('LogSoftmax', logits);
}

/** dx = dy - exp(y) sum(dy). */
export const logSoftmaxGradient: GradientRule = (step) => [
  () => {
    const dy = step.gradient;
    return sub(dy, mul(exp(step.output()), sum(dy, { axes: [-1], keepDims: true })));
  },
];
