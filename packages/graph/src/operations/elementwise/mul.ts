import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Operand } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary } from './elementwise.ts';
import { unbroadcast } from './unbroadcast.ts';

/** a b for corresponding elements; shapes broadcast. */
export function mul(a: Operand, b: Operand): Tensor {
  return binary('Mul', a, b);
}

/** da = dy b, db = dy a, summed over what was broadcast. */
export const mulGradient: GradientRule = (step) => [
  () => unbroadcast(mul(step.gradient, step.input(1)), step.input(0).shape),
  () => unbroadcast(mul(step.gradient, step.input(0)), step.input(1).shape),
];
