import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary, unaryFloating } from './elementwise.ts';

/** max(x, 0) of every element. */
export function relu(x: Tensor): Tensor {
  return unaryFloating('Relu', x);
}

/** dx = dy where y is above 0; reading y lets x be freed. */
export const reluGradient: GradientRule = (step) => [() => binary('ReluGrad', step.gradient, step.output())];
