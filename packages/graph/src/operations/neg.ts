import { unary } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Tensor } from '../operation.ts';

/** Minus every element. */
export function neg(x: Tensor): Tensor {
  return unary('Neg', x);
}

/** dx = -dy. */
export const negGradient: GradientRule = (step) => [() => neg(step.gradient)];
