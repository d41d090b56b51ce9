import type { Operand } from '../operand.ts';
import type { Operation, Tensor } from '../operation.ts';
import { optimizerUpdate } from '../optimizer-update.ts';
import type { Variable } from '../variable.ts';

/** variable -= learningRate gradient. */
export function resourceApplyGradientDescent(
  variable: Variable,
  gradient: Tensor,
  options: { readonly learningRate: Operand },
): Operation {
  return optimizerUpdate('ResourceApplyGradientDescent', variable, [
    { scalar: options.learningRate, name: 'the learning rate' },
    { gradient },
  ]);
}
