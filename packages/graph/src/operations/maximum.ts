import { binary } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Operand } from '../operand.ts';
import type { Tensor } from '../operation.ts';
import { unbroadcast } from '../unbroadcast.ts';
import { greaterEqual } from './greater-equal.ts';
import { select } from './select.ts';

/** The larger of a and b for corresponding elements; shapes broadcast. */
export function maximum(a: Operand, b: Operand): Tensor {
  return binary('Maximum', a, b);
}

/** dy goes to the larger operand, to a where they are equal. */
export const maximumGradient: GradientRule = (step) => {
  const fromA = () => greaterEqual(step.input(0), step.input(1));
  return [
    () => unbroadcast(select(fromA(), step.gradient, 0), step.input(0).shape),
    () => unbroadcast(select(fromA(), 0, step.gradient), step.input(1).shape),
  ];
};
