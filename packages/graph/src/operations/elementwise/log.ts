import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { div } from './div.ts';
import { unaryFloating } from './elementwise.ts';

/** The natural logarithm of every element. */
export function log(x: Tensor): Tensor {
  return unaryFloating('Log', x);
}

/** dx = dy / x. */
export const logGradient: GradientRule = (step) => [() => div(step.gradient, step.input(0))];
