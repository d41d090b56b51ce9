import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Operand } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { div } from './div.ts';
import { binary } from './elementwise.ts';
import { floor } from './floor.ts';
import { mul } from './mul.ts';
import { neg } from './neg.ts';
import { unbroadcast } from './unbroadcast.ts';

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
