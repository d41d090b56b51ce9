import type { Operation, Tensor } from '../operation.ts';
import { optimizerUpdate } from '../optimizer-update.ts';
import type { Variable } from '../variable.ts';
import type { MomentumOptions } from './resource-apply-momentum.ts';

/**
 * accumulator = momentum accumulator - learningRate gradient; variable += accumulator, or with Nesterov's momentum
 * variable += momentum accumulator - learningRate gradient. The learning rate is inside the accumulator, so that a
 * change of it acts gradually.
 */
export function resourceApplyKerasMomentum(variable: Variable, gradient: Tensor, options: MomentumOptions): Operation {
  return optimizerUpdate(
    'ResourceApplyKerasMomentum',
    variable,
    [
      { slot: options.accumulator },
      { scalar: options.learningRate, name: 'the learning rate' },
      { gradient },
      { scalar: options.momentum, name: 'the momentum' },
    ],
    { use_nesterov: { bool: options.nesterov ?? false } },
  );
}
