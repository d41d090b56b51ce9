import { unaryFloating } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Tensor } from '../operation.ts';
import { mul } from './mul.ts';

/** The sine of every element, in radians. */
export function sin(x: Tensor): Tensor {
  return unaryFloating('Sin', x);
}

/** dx = dy cos(x), written here since the cosine's own rule needs the sine. */
export const sinGradient: GradientRule = (step) => [() => mul(step.gradient, unaryFloating('Cos', step.input(0)))];
