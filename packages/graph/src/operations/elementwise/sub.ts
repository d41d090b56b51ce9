import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Operand } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary } from './elementwise.ts';
import { neg } from './neg.ts';
import { unbroadcast } from './unbroadcast.ts';

/** a - b for corresponding elements; shapes broadcast. */
export function sub(a: Operand, b: Operand): Tensor {
  return binary('Sub', a, b);
}

/** da = dy, db = -dy, summed over what was broadcast; the sum comes first, so that fewer elements are negated. */
export const subGradient: GradientRule = (step) => [
  () => unbroadcast(step.gradient, step.input(0).shape),
  () => neg(unbroadcast(step.gradient, step.input(1).shape)),
];
