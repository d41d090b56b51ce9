import type { Operand } from '../../graph/operand.ts';
import type { Operation, Tensor } from '../../graph/operation.ts';
import type { Variable } from '../../graph/variable.ts';
import { optimizerUpdate } from './optimizer-update.ts';

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
