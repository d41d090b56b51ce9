import { binary } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Operand } from '../operand.ts';
import type { Tensor } from '../operation.ts';
import { unbroadcast } from '../unbroadcast.ts';
import { neg } from './neg.ts';

/** a - b for corresponding elements; shapes broadcast. */
export function sub(a: Operand, b: Operand): Tensor {
  return binary('Sub', a, b);
}

/** da = dy, db = -dy, summed over what was broadcast; the sum comes first, so that fewer elements are negated. */
export const subGradient: GradientRule = (step) => [
  () => unbroadcast(step.gradient, step.input(0).shape),
  () => neg(unbroadcast(step.gradient, step.input(1).shape)),
];
