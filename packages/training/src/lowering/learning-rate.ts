import type { Recipe } from '@compound-search/contracts';
import { add, cast, constant, cos, div, floor, minimum, mul, pow, sub, type Tensor } from '@compound-search/graph';

import type { TrainingLength } from './training-length.ts';

/**
 * The learning rate of a step (int32 [], from 0): rises in a line to its peak over the warm-up, and falls by the
 * recipe's schedule.
 */
export function learningRateAt(step: Tensor, recipe: Recipe, length: TrainingLength): Tensor {
  const peak = peakLearningRate(recipe);
  const done = cast(step, 'float32');
  const warmupSteps = recipe.warmupEpochs * length.stepsPerEpoch;
  const fallen = mul(schedules[recipe.learningRateSchedule](done, recipe, { ...length, warmupSteps }), peak);
  if (warmupSteps === 0) return fallen;
  return minimum(div(mul(done, peak), warmupSteps), fallen);
}

/** The linear rule of Goyal et al. 2017, section 2.1: k times the batch, k times the learning rate. */
function peakLearningRate({ learningRate, learningRateBatchSize, batchSize }: Recipe): number {
  return learningRateBatchSize === undefined ? learningRate : (learningRate * batchSize) / learningRateBatchSize;
}

type Schedule = (done: Tensor, recipe: Recipe, length: TrainingLength & { readonly warmupSteps: number }) => Tensor;

/** Shares of the peak after `done` steps, from 1. */
const schedules: Readonly<Record<Recipe['learningRateSchedule'], Schedule>> = {
  /** In stairs, from the first step on (tensorflow/tpu models/official/efficientnet/utils.py). */
  exponential: (done, { learningRateDecay, learningRateDecayEpochs }, { stepsPerEpoch }) => {
    const stairs = floor(div(done, learningRateDecayEpochs * stepsPerEpoch));
    return pow(constant(done.graph, learningRateDecay), stairs);
  },
  /** (1 + cos(pi t)) / 2 for t from 0 at the end of the warm-up to 1 at the end (Loshchilov & Hutter 2017, eq. 5). */
  cosine: (done, _, { steps, warmupSteps }) => {
    const t = div(sub(done, warmupSteps), Math.max(1, steps - warmupSteps));
    return mul(add(cos(mul(t, Math.PI)), 1), 0.5);
  },
};
