import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { unary } from './elementwise.ts';
import { mul } from './mul.ts';
import { sign } from './sign.ts';

/** The absolute value of every element. */
export function abs(x: Tensor): Tensor {
  return unary('Abs', x);
}

/** dx = dy sign(x): 0 where x is 0. */
export const absGradient: GradientRule = (step) => [() => mul(step.gradient, sign(step.input(0)))];
