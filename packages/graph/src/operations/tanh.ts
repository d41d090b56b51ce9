import { binary, unaryFloating } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Tensor } from '../operation.ts';

/** The hyperbolic tangent of every element. */
export function tanh(x: Tensor): Tensor {
  return unaryFloating('Tanh', x);
}

/** dx = dy (1 - y^2); TensorFlow has it as one operation. */
export const tanhGradient: GradientRule = (step) => [() => binary('TanhGrad', step.output(), step.gradient)];
