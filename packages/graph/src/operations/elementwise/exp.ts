import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { unaryFloating } from './elementwise.ts';
import { mul } from './mul.ts';

/** e to the power of every element. */
export function exp(x: Tensor): Tensor {
  return unaryFloating('Exp', x);
}

/** dx = dy y. */
export const expGradient: GradientRule = (step) => [() => mul(step.gradient, step.output())];
