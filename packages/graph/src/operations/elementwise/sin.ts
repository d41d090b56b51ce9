import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { unaryFloating } from './elementwise.ts';
import { mul } from './mul.ts';

/** The sine of every element, in radians. */
export function sin(x: Tensor): Tensor {
  return unaryFloating('Sin', x);
}

/** dx = dy cos(x), written here since the cosine's own rule needs the sine. */
export const sinGradient: GradientRule = (step) => [() => mul(step.gradient, unaryFloating('Cos', step.input(0)))];
