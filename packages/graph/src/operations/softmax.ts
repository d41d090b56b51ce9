import { unaryFloating } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Tensor } from '../operation.ts';
import { mul } from './mul.ts';
import { sub } from './sub.ts';
import { sum } from './sum.ts';

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
