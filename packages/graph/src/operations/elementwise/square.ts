import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { unary } from './elementwise.ts';
import { mul } from './mul.ts';

/** Every element times itself. */
export function square(x: Tensor): Tensor {
  return unary('Square', x);
}

/** dx = dy 2 x. */
export const squareGradient: GradientRule = (step) => [() => mul(step.gradient, mul(step.input(0), 2))];
