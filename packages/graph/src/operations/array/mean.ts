import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { sizeOf } from '../../graph/shape.ts';
import { mul } from '../elementwise/mul.ts';
import { reduction, type ReductionOptions, restoreReducedAxes } from './reduction.ts';

/** The mean of the elements along axes; over all of them by default. */
export function mean(x: Tensor, options: ReductionOptions = {}): Tensor {
  return reduction('Mean', x, options);
}

/** dx = dy / n, the same for each of the n elements that were averaged. */
export const meanGradient: GradientRule = (step) => [
  () => {
    const count = sizeOf(step.input(0).shape) / sizeOf(step.output().shape);
    return restoreReducedAxes(step, mul(step.gradient, 1 / count));
  },
  undefined,
];
