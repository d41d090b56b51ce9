import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { unaryFloating } from './elementwise.ts';
import { mul } from './mul.ts';
import { neg } from './neg.ts';
import { sin } from './sin.ts';

/** The cosine of every element, in radians. */
export function cos(x: Tensor): Tensor {
  return unaryFloating('Cos', x);
}

/** dx = -dy sin(x). */
export const cosGradient: GradientRule = (step) => [() => neg(mul(step.gradient, sin(step.input(0))))];
