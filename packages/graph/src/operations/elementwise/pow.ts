import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Operand } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { binary } from './elementwise.ts';
import { greater } from './greater.ts';
import { log } from './log.ts';
import { mul } from './mul.ts';
import { select } from './select.ts';
import { sub } from './sub.ts';
import { unbroadcast } from './unbroadcast.ts';

/** a to the power of b for corresponding elements; shapes broadcast. */
export function pow(a: Operand, b: Operand): Tensor {
  return binary('Pow', a, b);
}

/** da = dy b a^(b - 1), db = dy y log(a), which is taken as 0 where a is not above 0. */
export const powGradient: GradientRule = (step) => [
  () => {
    const slope = mul(step.input(1), pow(step.input(0), sub(step.input(1), 1)));
    return unbroadcast(mul(step.gradient, slope), step.input(0).shape);
  },
  () => {
    const a = step.input(0);
    const positive = greater(a, 0);
    const logarithm = select(positive, log(select(positive, a, 1)), 0);
    return unbroadcast(mul(step.gradient, mul(step.output(), logarithm)), step.input(1).shape);
  },
];
