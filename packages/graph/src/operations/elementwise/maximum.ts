import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Operand } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary } from './elementwise.ts';
import { greaterEqual } from './greater-equal.ts';
import { select } from './select.ts';
import { unbroadcast } from './unbroadcast.ts';

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
