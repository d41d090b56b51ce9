import { unaryFloating } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Tensor } from '../operation.ts';
import { exp } from './exp.ts';
import { mul } from './mul.ts';
import { sub } from './sub.ts';
import { sum } from './sum.ts';

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
