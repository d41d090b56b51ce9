import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { reduction, type ReductionOptions, restoreReducedAxes } from './reduction.ts';

/** The sum of the elements along axes; over all of them by default. */
export function sum(x: Tensor, options: ReductionOptions = {}): Tensor {
  return reduction('Sum', x, options);
}

/** dx = dy, the same for every element that was summed. */
export const sumGradient: GradientRule = (step) => [() => restoreReducedAxes(step, step.gradient), undefined];
