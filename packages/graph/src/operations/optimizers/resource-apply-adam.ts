import type { Operand } from '../../graph/operand.ts';
import type { Operation, Tensor } from '../../graph/operation.ts';
import type { Variable } from '../../graph/variable.ts';
import { optimizerUpdate } from './optimizer-update.ts';

/** Slots and constants of Adam (Kingma & Ba, 2015). */
export interface AdamOptions {
  /** Moving mean of the gradients, of the variable's shape, initially 0. */
  readonly firstMoment: Variable;
  /** Moving mean of the squared gradients, of the variable's shape, initially 0. */
  readonly secondMoment: Variable;
  readonly learningRate: Operand;
  readonly beta1: Operand;
  readonly beta2: Operand;
  /** beta1 to the power of the step's number, which starts at 1. */
  readonly beta1Power: Operand;
  /** beta2 to the power of the step's number, which starts at 1. */
  readonly beta2Power: Operand;
  /** Added to the root of the second moment. */
  readonly epsilon: Operand;
}

/**
 * Moves both moments, then variable -= learningRate sqrt(1 - beta2Power) / (1 - beta1Power) first / (sqrt(second) + epsilon).
 */
export function resourceApplyAdam(variable: Variable, gradient: Tensor, options: AdamOptions): Operation {
  return optimizerUpdate(
    'ResourceApplyAdam',
    variable,
    [
      { slot: options.firstMoment },
      { slot: options.secondMoment },
      { scalar: options.beta1Power, name: "beta1's power" },
      { scalar: options.beta2Power, name: "beta2's power" },
      { scalar: options.learningRate, name: 'the learning rate' },
      { scalar: options.beta1, name: 'beta1' },
      { scalar: options.beta2, name: 'beta2' },
      { scalar: options.epsilon, name: 'epsilon' },
      { gradient },
    ],
    { use_nesterov: { bool: false } },
  );
}
