import type { Operand } from '../../graph/operand.ts';
import type { Operation, Tensor } from '../../graph/operation.ts';
import type { Variable } from '../../graph/variable.ts';
import { optimizerUpdate } from './optimizer-update.ts';

/** Slots and constants of RMSProp with momentum. */
export interface RmsPropOptions {
  /** Moving mean of the squared gradients, of the variable's shape; TensorFlow's own optimizers begin with 1 or with 0. */
  readonly meanSquare: Variable;
  /** Accumulated steps, of the variable's shape, initially 0. */
  readonly momentumAccumulator: Variable;
  readonly learningRate: Operand;
  readonly decay: Operand;
  readonly momentum: Operand;
  /** Added to the mean square under the root. */
  readonly epsilon: Operand;
}

/**
 * meanSquare = decay meanSquare + (1 - decay) gradient^2;
 * accumulator = momentum accumulator + learningRate gradient / sqrt(meanSquare + epsilon); variable -= accumulator.
 */
export function resourceApplyRmsProp(variable: Variable, gradient: Tensor, options: RmsPropOptions): Operation {
  return optimizerUpdate('ResourceApplyRMSProp', variable, [
    { slot: options.meanSquare },
    { slot: options.momentumAccumulator },
    { scalar: options.learningRate, name: 'the learning rate' },
    { scalar: options.decay, name: 'the decay' },
    { scalar: options.momentum, name: 'the momentum' },
    { scalar: options.epsilon, name: 'epsilon' },
    { gradient },
  ]);
}
