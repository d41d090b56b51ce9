import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary, unaryFloating } from './elementwise.ts';

/** One over the square root of every element. */
export function rsqrt(x: Tensor): Tensor {
  return unaryFloating('Rsqrt', x);
}

/** d x^(-1/2) = -dy y^3 / 2; TensorFlow has it as one operation. */
export const rsqrtGradient: GradientRule = (step) => [() => binary('RsqrtGrad', step.output(), step.gradient)];
