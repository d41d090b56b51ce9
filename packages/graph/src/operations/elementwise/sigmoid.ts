import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary, unaryFloating } from './elementwise.ts';

/** 1 / (1 + exp(-x)) of every element. */
export function sigmoid(x: Tensor): Tensor {
  return unaryFloating('Sigmoid', x);
}

/** dx = dy y (1 - y); TensorFlow has it as one operation. */
export const sigmoidGradient: GradientRule = (step) => [() => binary('SigmoidGrad', step.output(), step.gradient)];
