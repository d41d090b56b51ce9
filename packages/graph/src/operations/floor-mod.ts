import { binary } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import type { Operand } from '../operand.ts';
import type { Tensor } from '../operation.ts';
import { unbroadcast } from '../unbroadcast.ts';
import { div } from './div.ts';
import { floor } from './floor.ts';
import { mul } from './mul.ts';
import { neg } from './neg.ts';

/** a - b floor(a / b) for corresponding elements: the remainder with the sign of b; shapes broadcast. */
export function floorMod(a: Operand, b: Operand): Tensor {
  return binary('FloorMod', a, b);
}

/** da = dy, db = -dy floor(a / b), summed over what was broadcast. */
export const floorModGradient: GradientRule = (step) => [
  () => unbroadcast(step.gradient, step.input(0).shape),
  () => {
    const quotient = floor(div(step.input(0), step.input(1)));
    return neg(unbroadcast(mul(step.gradient, quotient), step.input(1).shape));
  },
];
