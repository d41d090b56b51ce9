import { unaryFloating } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Tensor } from '../operation.ts';
import { mul } from './mul.ts';

/** e to the power of every element. */
export function exp(x: Tensor): Tensor {
  return unaryFloating('Exp', x);
}

/** dx = dy y. */
export const expGradient: GradientRule = (step) => [() => mul(step.gradient, step.output())];
