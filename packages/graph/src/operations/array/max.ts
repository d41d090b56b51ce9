import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { cast } from '../elementwise/cast.ts';
import { div } from '../elementwise/div.ts';
import { equal } from '../elementwise/equal.ts';
import { mul } from '../elementwise/mul.ts';
import { integersOf } from './constant.ts';
import { reduction, type ReductionOptions, restoreReducedAxes } from './reduction.ts';
import { sum } from './sum.ts';

/** The largest of the elements along axes; over all of them by default. */
export function max(x: Tensor, options: ReductionOptions = {}): Tensor {
  return reduction('Max', x, options);
}

/** dy goes to the largest element, in equal parts where several are the largest. */
export const maxGradient: GradientRule = (step) => [
  () => {
    const x = step.input(0);
    const isLargest = cast(equal(x, restoreReducedAxes(step, step.output())), x.dtype);
    const count = sum(isLargest, { axes: integersOf(step.input(1)), keepDims: true });
    return mul(isLargest, div(restoreReducedAxes(step, step.gradient), count));
  },
  undefined,
];
