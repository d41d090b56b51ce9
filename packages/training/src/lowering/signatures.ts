import type { Recipe } from '@compound-search/contracts';
import {
  argMax,
  cast,
  constant,
  equal,
  type Graph,
  identity,
  less,
  mean,
  mul,
  oneHot,
  type Operation,
  placeholder,
  range,
  type Signature,
  softmaxCrossEntropyWithLogits,
  statelessRandomUniform,
  sum,
  type Tensor,
  type Variable,
} from '@compound-search/graph';
import type { Network } from '@compound-search/networks';

import { augmentImages } from './augmentation/augment-images.ts';
import { imageDraws } from './augmentation/image-draws.ts';
import { mixBatch } from './augmentation/mix-batch.ts';
import { assignConstants, assignRandom } from './initial-values.ts';
import { learningRateAt } from './learning-rate.ts';
import { lowerNetwork } from './lower-network.ts';
import type { NetworkVariable, NetworkVariables } from './network-variables.ts';
import { type OptimizerSlots, optimizerUpdates } from './optimizer.ts';
import { normalizePixels, resizePixels } from './pixels.ts';
import { planar } from './planar.ts';
import { streamSeed } from './random-streams.ts';
import { type Batch, gatherBatch, loadData, type ResidentData } from './resident-data.ts';

/** What the signatures of a training are made over. */
export interface TrainingParts {
  readonly network: Network;
  readonly recipe: Recipe;
  readonly stepsPerEpoch: number;
  readonly evaluationBatchSize: number;
  readonly data: ResidentData;
  readonly variables: NetworkVariables;
  readonly slots: readonly OptimizerSlots[];
}

/** images, labels -> done */
export function loadSignature(graph: Graph, data: ResidentData): Signature {
  const { inputs, assignments } = loadData(graph, data);
  return { inputs, outputs: { done: doneAfter(graph, assignments) } };
}

/** seed int32 [] -> done: everything as at the start of a training. */
export function initializeSignature(
  graph: Graph,
  variables: readonly NetworkVariable[],
  slots: readonly OptimizerSlots[],
): Signature {
  const seed = placeholder(graph, 'seed', { dtype: 'int32', shape: [] });
  const assignments = [...assignConstants(variables, slots), ...assignRandom(variables, seed)];
  return { inputs: { seed }, outputs: { done: doneAfter(graph, assignments) } };
}

/**
 * indices int32 [batch], step int32 [], seed int32 [] -> loss, learningRate, correct, after the step's updates.
 * The loss is the mean cross entropy against smoothed labels, without the L2 term. Of mixed images the label with the
 * larger share counts as right.
 */
export function trainSignature(graph: Graph, parts: TrainingParts): Signature {
  const { recipe } = parts;
  const indices = placeholder(graph, 'indices', { dtype: 'int32', shape: [recipe.batchSize] });
  const step = placeholder(graph, 'step', { dtype: 'int32', shape: [] });
  const seed = placeholder(graph, 'seed', { dtype: 'int32', shape: [] });
  const uniform = (stream: string, shape: readonly number[]): Tensor =>
    statelessRandomUniform(streamSeed(seed, stream, step), { shape });
  const options = {
    augmentation: recipe.augmentation,
    size: planar(parts.network.input.spatial),
    draws: imageDraws(seed, step, recipe.batchSize),
  };
  const batch = mixBatch(
    gatherBatch(parts.data, indices, (pixels) => augmentImages(pixels, options)),
    options,
  );
  const { logits, updates } = lowerNetwork(parts.network, batch.images, {
    variables: parts.variables,
    training: { uniform },
  });
  const loss = mean(crossEntropy(logits, batch, parts));
  const learningRate = learningRateAt(step, recipe, parts.stepsPerEpoch);
  const optimizer = optimizerUpdates(loss, parts.slots, { recipe, learningRate, step });
  const correct = sum(isCorrect(logits, batch.labels));
  return {
    inputs: { indices, step, seed },
    outputs: graph.after([...updates, ...optimizer], () => ({
      loss: identity(loss),
      learningRate: identity(learningRate),
      correct: identity(correct),
    })),
  };
}

/** indices int32 [evaluation batch], count int32 [] -> lossSum, correct, over the first `count` images. */
export function evaluateSignature(graph: Graph, parts: TrainingParts): Signature {
  const images = parts.evaluationBatchSize;
  const indices = placeholder(graph, 'indices', { dtype: 'int32', shape: [images] });
  const count = placeholder(graph, 'count', { dtype: 'int32', shape: [] });
  const size = planar(parts.network.input.spatial);
  const batch = gatherBatch(parts.data, indices, (pixels) => normalizePixels(resizePixels(pixels, size)));
  const { logits } = lowerNetwork(parts.network, batch.images, { variables: parts.variables, training: null });
  const counted = less(range(graph, images), count);
  return {
    inputs: { indices, count },
    outputs: {
      lossSum: sum(mul(crossEntropy(logits, batch, parts), cast(counted, 'float32'))),
      correct: sum(mul(isCorrect(logits, batch.labels), cast(counted, 'int32'))),
    },
  };
}

/** -> every variable by name */
export function exportSignature(variables: readonly Variable[]): Signature {
  return { inputs: {}, outputs: Object.fromEntries(variables.map((variable) => [variable.name, variable.read()])) };
}

/** every variable by name -> done */
export function importSignature(graph: Graph, variables: readonly Variable[]): Signature {
  const fed = variables.map((variable) => ({ variable, value: placeholder(graph, variable.name, variable) }));
  const assignments = fed.map(({ variable, value }) => variable.assign(value));
  return {
    inputs: Object.fromEntries(fed.map(({ variable, value }) => [variable.name, value])),
    outputs: { done: doneAfter(graph, assignments) },
  };
}

function doneAfter(graph: Graph, operations: readonly Operation[]): Tensor {
  return graph.after(operations, () => identity(constant(graph, true)));
}

function crossEntropy(logits: Tensor, batch: Batch, { network, recipe }: TrainingParts): Tensor {
  const off = recipe.labelSmoothing / network.classes;
  const target = batch.targets((labels) =>
    oneHot(labels, { depth: network.classes, on: 1 - recipe.labelSmoothing + off, off }),
  );
  return softmaxCrossEntropyWithLogits(logits, target);
}

/** int32 [batch], 1 where the largest logit is the label's. */
function isCorrect(logits: Tensor, labels: Tensor): Tensor {
  return cast(equal(argMax(logits), labels), 'int32');
}
