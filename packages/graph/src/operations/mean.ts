import type { GradientRule } from '../gradient-rule.ts';
import type { Tensor } from '../operation.ts';
import { reduction, type ReductionOptions, restoreReducedAxes } from '../reduction.ts';
import { sizeOf } from '../shape.ts';
import { mul } from './mul.ts';

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
