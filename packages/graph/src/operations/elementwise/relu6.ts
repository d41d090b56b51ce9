import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary, unaryFloating } from './elementwise.ts';

/** min(max(x, 0), 6) of every element. */
export function relu6(x: Tensor): Tensor {
  return unaryFloating('Relu6', x);
}

/** dx = dy where y lies between 0 and 6; reading y lets x be freed. */
export const relu6Gradient: GradientRule = (step) => [() => binary('Relu6Grad', step.gradient, step.output())];
