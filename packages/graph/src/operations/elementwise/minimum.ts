import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Operand } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary } from './elementwise.ts';
import { lessEqual } from './less-equal.ts';
import { select } from './select.ts';
import { unbroadcast } from './unbroadcast.ts';

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
