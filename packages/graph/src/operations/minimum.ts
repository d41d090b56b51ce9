import { binary } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Operand } from '../operand.ts';
import type { Tensor } from '../operation.ts';
import { unbroadcast } from '../unbroadcast.ts';
import { lessEqual } from './less-equal.ts';
import { select } from './select.ts';

/** The smaller of a and b for corresponding elements; shapes broadcast. */
export function minimum(a: Operand, b: Operand): Tensor {
  return binary('Minimum', a, b);
}

/** dy goes to the smaller operand, to a where they are equal. */
export const minimumGradient: GradientRule = (step) => {
  const fromA = () => lessEqual(step.input(0), step.input(1));
  return [
    () => unbroadcast(select(fromA(), step.gradient, 0), step.input(0).shape),
    () => unbroadcast(select(fromA(), 0, step.gradient), step.input(1).shape),
  ];
};
