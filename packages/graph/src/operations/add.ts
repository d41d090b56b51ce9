import { binary } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Operand } from '../operand.ts';
import type { Tensor } from '../operation.ts';
import { unbroadcast } from '../unbroadcast.ts';

/** a + b for corresponding elements; shapes broadcast. */
export function add(a: Operand, b: Operand): Tensor {
  return binary('AddV2', a, b);
}

/** da = db = dy, summed over what was broadcast. */
export const addGradient: GradientRule = (step) => [
  () => unbroadcast(step.gradient, step.input(0).shape),
  () => unbroadcast(step.gradient, step.input(1).shape),
];
