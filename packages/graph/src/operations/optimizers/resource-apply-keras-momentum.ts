import type { Operation, Tensor } from '../../graph/operation.ts';
import type { Variable } from '../../graph/variable.ts';
import { type MomentumOptions, momentumUpdate } from './resource-apply-momentum.ts';

/**
 * accumulator = momentum accumulator - learningRate gradient; variable += accumulator, or with Nesterov's momentum
 * variable += momentum accumulator - learningRate gradient. The learning rate is inside the accumulator, so that a
 * change of it acts gradually.
 */
export function resourceApplyKerasMomentum(variable: Variable, gradient: Tensor, options: MomentumOptions): Operation {
  return momentumUpdate('ResourceApplyKerasMomentum', variable, { ...options, gradient });
}
