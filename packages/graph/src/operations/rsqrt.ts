import { binary, unaryFloating } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Tensor } from '../operation.ts';

/** One over the square root of every element. */
export function rsqrt(x: Tensor): Tensor {
  return unaryFloating('Rsqrt', x);
}

/** d x^(-1/2) = -dy y^3 / 2; TensorFlow has it as one operation. */
export const rsqrtGradient: GradientRule = (step) => [() => binary('RsqrtGrad', step.output(), step.gradient)];
