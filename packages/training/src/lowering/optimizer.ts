import type { Recipe } from '@compound-search/contracts';
import {
  add,
  gradients,
  type Graph,
  mul,
  type Operation,
  resourceApplyRmsProp,
  type Tensor,
  Variable,
} from '@compound-search/graph';

import type { InitialValue, NetworkVariable } from './network-variables.ts';

/** What RMSProp keeps for one trained variable. */
export interface OptimizerSlots {
  readonly trained: NetworkVariable;
  readonly meanSquare: Variable;
  readonly momentum: Variable;
}

/**
 * How the slots start: mean squares at 1 as in tf.compat.v1.train.RMSPropOptimizer, which the paper's code uses; that
 * damps the first steps, where an average over few gradients says little.
 */
export const slotStarts = {
  meanSquare: { kind: 'constant', value: 1 },
  momentum: { kind: 'constant', value: 0 },
} as const satisfies Record<string, InitialValue>;

export function createOptimizerSlots(graph: Graph, trained: NetworkVariable): OptimizerSlots {
  const { name, shape } = trained.variable;
  return {
    trained,
    meanSquare: new Variable(graph, { name: `${name}/meanSquare`, shape }),
    momentum: new Variable(graph, { name: `${name}/momentum`, shape }),
  };
}

/**
 * One RMSProp update of every trained variable: ms = decay ms + (1 - decay) g^2,
 * m = momentum m + rate g / sqrt(ms + epsilon), w = w - m. Weight decay adds `weightDecay` w to the gradient g, which is
 * the gradient of the L2 loss weightDecay / 2 |w|^2.
 */
export function optimizerUpdates(
  loss: Tensor,
  slots: readonly OptimizerSlots[],
  { recipe, learningRate }: { recipe: Recipe; learningRate: Tensor },
): Operation[] {
  const { decay, momentum, epsilon } = recipe.optimizer;
  const weights = slots.map(({ trained }) => trained.variable.read());
  const lossGradients = gradients(loss, weights);
  return slots.map((slot, index) => {
    const weight = at(weights, index);
    const lossGradient = at(lossGradients, index);
    const decayed = slot.trained.decayed && recipe.weightDecay > 0;
    const gradient = decayed ? add(lossGradient, mul(weight, recipe.weightDecay)) : lossGradient;
    return resourceApplyRmsProp(slot.trained.variable, gradient, {
      meanSquare: slot.meanSquare,
      momentumAccumulator: slot.momentum,
      learningRate,
      decay,
      momentum,
      epsilon,
    });
  });
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new Error(`There is no value ${index}`);
  return value;
}
