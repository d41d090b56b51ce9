import { binary } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Operand } from '../operand.ts';
import type { Tensor } from '../operation.ts';
import { unbroadcast } from '../unbroadcast.ts';
import { mul } from './mul.ts';
import { neg } from './neg.ts';

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
