import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary, unaryFloating } from './elementwise.ts';

/** The hyperbolic tangent of every element. */
export function tanh(x: Tensor): Tensor {
  return unaryFloating('Tanh', x);
}

/** dx = dy (1 - y^2); TensorFlow has it as one operation. */
export const tanhGradient: GradientRule = (step) => [() => binary('TanhGrad', step.output(), step.gradient)];
