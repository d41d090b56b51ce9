import type { Operand } from '../../graph/operand.ts';
import type { Operation, Tensor } from '../../graph/operation.ts';
import type { Variable } from '../../graph/variable.ts';
import { optimizerUpdate } from './optimizer-update.ts';

/** Slot and constants of gradient descent with momentum. */
export interface MomentumOptions {
  /** Accumulated gradients, of the variable's shape, initially 0. */
  readonly accumulator: Variable;
  readonly learningRate: Operand;
  readonly momentum: Operand;
  /** @defaultValue false */
  readonly nesterov?: boolean;
}

/**
 * accumulator = momentum accumulator + gradient; variable -= learningRate accumulator, or with Nesterov's momentum
 * variable -= learningRate (gradient + momentum accumulator).
 */
export function resourceApplyMomentum(variable: Variable, gradient: Tensor, options: MomentumOptions): Operation {
  return momentumUpdate('ResourceApplyMomentum', variable, { ...options, gradient });
}

/** Either of TensorFlow's two operations for momentum: they take the same, and differ in what they accumulate. */
export function momentumUpdate(
  type: 'ResourceApplyMomentum' | 'ResourceApplyKerasMomentum',
  variable: Variable,
  { gradient, ...options }: MomentumOptions & { readonly gradient: Tensor },
): Operation {
  return optimizerUpdate(
    type,
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
