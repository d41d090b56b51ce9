import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Operand } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary } from './elementwise.ts';
import { unbroadcast } from './unbroadcast.ts';

/** a + b for corresponding elements; shapes broadcast. */
export function add(a: Operand, b: Operand): Tensor {
  return binary('AddV2', a, b);
}

/** da = db = dy, summed over what was broadcast. */
export const addGradient: GradientRule = (step) => [
  () => unbroadcast(step.gradient, step.input(0).shape),
  () => unbroadcast(step.gradient, step.input(1).shape),
];
