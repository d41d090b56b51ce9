import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Operand } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary } from './elementwise.ts';
import { mul } from './mul.ts';
import { neg } from './neg.ts';
import { unbroadcast } from './unbroadcast.ts';

/** a / b for corresponding elements of floating-point tensors; shapes broadcast. */
export function div(a: Operand, b: Operand): Tensor {
  return binary('RealDiv', a, b);
}

/** da = dy / b, db = -dy y / b, summed over what was broadcast. */
export const divGradient: GradientRule = (step) => [
  () => unbroadcast(div(step.gradient, step.input(1)), step.input(0).shape),
  () => {
    const perElement = div(mul(step.gradient, step.output()), step.input(1));
    return neg(unbroadcast(perElement, step.input(1).shape));
  },
];
