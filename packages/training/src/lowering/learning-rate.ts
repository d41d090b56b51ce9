import type { Recipe } from '@compound-search/contracts';
import { cast, div, floor, minimum, mul, pow, type Tensor } from '@compound-search/graph';
import { constant } from '@compound-search/graph';

/**
 * The learning rate of a step (int32 [], from 0): rises in a line to its peak over the warm-up, and is multiplied by
 * `learningRateDecay` every `learningRateDecayEpochs`, in stairs (tensorflow/tpu models/official/efficientnet/utils.py).
 */
export function learningRateAt(step: Tensor, recipe: Recipe, stepsPerEpoch: number): Tensor {
  const { graph } = step;
  const done = cast(step, 'float32');
  const stairs = floor(div(done, recipe.learningRateDecayEpochs * stepsPerEpoch));
  const decayed = mul(pow(constant(graph, recipe.learningRateDecay), stairs), recipe.learningRate);
  const warmupSteps = recipe.warmupEpochs * stepsPerEpoch;
  if (warmupSteps === 0) return decayed;
  const rising = div(mul(done, recipe.learningRate), warmupSteps);
  return minimum(rising, decayed);
}
