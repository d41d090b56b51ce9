import { unaryFloating } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Tensor } from '../operation.ts';
import { div } from './div.ts';

/** The natural logarithm of every element. */
export function log(x: Tensor): Tensor {
  return unaryFloating('Log', x);
}

/** dx = dy / x. */
export const logGradient: GradientRule = (step) => [() => div(step.gradient, step.input(0))];
