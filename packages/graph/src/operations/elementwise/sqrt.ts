import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary, unaryFloating } from './elementwise.ts';

/** The square root of every element. */
export function sqrt(x: Tensor): Tensor {
  return unaryFloating('Sqrt', x);
}

/** d sqrt(x) = dy / (2 y); TensorFlow has it as one operation. */
export const sqrtGradient: GradientRule = (step) => [() => binary('SqrtGrad', step.output(), step.gradient)];
