import type { OptimizerRecipe, Recipe } from '@compound-search/contracts';
import type { TrainingSetup } from '@compound-search/networks';

/** Values that each optimizer keeps for every weight, as packages/training makes them. */
const optimizerSlots: Readonly<Record<OptimizerRecipe['kind'], number>> = { rmsprop: 2, sgd: 1, adamw: 2 };

/** What the memory of a recipe's training depends on beside the network. */
export function trainingSetup({ batchSize, optimizer, weightAverageDecay }: Recipe): TrainingSetup {
  return {
    batch: batchSize,
    optimizerSlots: optimizerSlots[optimizer.kind],
    weightAverage: weightAverageDecay > 0,
  };
}
