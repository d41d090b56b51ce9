import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { maxGradient } from './max.ts';
import { reduction, type ReductionOptions } from './reduction.ts';

/** The smallest of the elements along axes; over all of them by default. */
export function min(x: Tensor, options: ReductionOptions = {}): Tensor {
  return reduction('Min', x, options);
}

/** dy goes to the smallest element, in equal parts where several are the smallest: the rule of the largest. */
export const minGradient: GradientRule = maxGradient;
