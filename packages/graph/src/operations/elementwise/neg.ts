import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { unary } from './elementwise.ts';

/** Minus every element. */
export function neg(x: Tensor): Tensor {
  return unary('Neg', x);
}

/** dx = -dy. */
export const negGradient: GradientRule = (step) => [() => neg(step.gradient)];
