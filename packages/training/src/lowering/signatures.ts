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
  restore,
  save,
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
import { type Batch, type BatchSource, prepareBatch } from './batch-source.ts';
import { assignConstants, assignRandom, type StoredVariable } from './initial-values.ts';
import { learningRateAt } from './learning-rate.ts';
import { type BatchNormalizationKernels, lowerNetwork } from './lower-network.ts';
import type { NetworkVariables } from './network-variables.ts';
import { type OptimizerSlots, optimizerUpdates } from './optimizer.ts';
import { normalizePixels, resizePixels } from './pixels.ts';
import { planar } from './planar.ts';
import { randomStreams } from './random-streams.ts';
import type { TrainingLength } from './training-length.ts';
import { evaluatedVariables, type WeightAverages, weightAverageUpdates } from './weight-averages.ts';

/** What the signatures of a training are made over. */
export interface TrainingParts {
  readonly recipe: Recipe;
  readonly length: TrainingLength;
  readonly evaluationBatchSize: number;
  readonly batchNormalization: BatchNormalizationKernels;
  readonly data: BatchSource;
  readonly variables: NetworkVariables;
  readonly slots: readonly OptimizerSlots[];
  readonly averages: WeightAverages;
}

/** images, labels -> done; of nothing where the batches are fed. */
export function loadSignature(graph: Graph, data: BatchSource): Signature {
  const { inputs, assignments } = data.load();
  return { inputs, outputs: { done: doneAfter(graph, assignments) } };
}

/** seed int32 [] -> done: everything as at the start of a training. */
export function initializeSignature(graph: Graph, stored: readonly StoredVariable[]): Signature {
  const seed = placeholder(graph, 'seed', { dtype: 'int32', shape: [] });
  const assignments = [...assignConstants(stored), ...assignRandom(stored, seed)];
  return { inputs: { seed }, outputs: { done: doneAfter(graph, assignments) } };
}

/**
 * The source's batch, step int32 [], seed int32 [] -> loss, learningRate, correct, after the step's updates.
 * The loss is the mean cross entropy against smoothed labels, without the L2 term. Of mixed images the label with the
 * larger share counts as right.
 */
export function trainSignature(graph: Graph, network: Network, parts: TrainingParts): Signature {
  const { recipe } = parts;
  const source = parts.data.take(recipe.batchSize);
  const step = placeholder(graph, 'step', { dtype: 'int32', shape: [] });
  const seed = placeholder(graph, 'seed', { dtype: 'int32', shape: [] });
  const streams = randomStreams(seed, step);
  const uniform = (stream: string, shape: readonly number[]): Tensor =>
    statelessRandomUniform(streams(stream), { shape });
  const options = {
    augmentation: recipe.augmentation,
    size: planar(network.input.spatial),
    draws: imageDraws(streams, recipe.batchSize),
  };
  const batch = mixBatch(
    prepareBatch(source, (pixels) => augmentImages(pixels, options)),
    options,
  );
  const { logits, updates } = lowerNetwork(network, batch.images, {
    variables: parts.variables,
    training: { uniform },
    batchNormalization: parts.batchNormalization,
  });
  const loss = mean(crossEntropy(logits, batch, recipe));
  const learningRate = learningRateAt(step, recipe, parts.length);
  const optimizer = optimizerUpdates(loss, parts.slots, { recipe, learningRate, step });
  const correct = sum(isCorrect(logits, batch.labels));
  const averages = graph.after([...updates, ...optimizer], () =>
    weightAverageUpdates(parts.averages, recipe.weightAverageDecay, step),
  );
  return {
    inputs: { ...source.inputs, step, seed },
    outputs: graph.after([...updates, ...optimizer, ...averages], () => ({
      loss: identity(loss),
      learningRate: identity(learningRate),
      correct: identity(correct),
    })),
  };
}

/** The source's batch, count int32 [] -> lossSum, correct, over the first `count` images. */
export function evaluateSignature(graph: Graph, network: Network, parts: TrainingParts): Signature {
  const images = parts.evaluationBatchSize;
  const source = parts.data.take(images);
  const count = placeholder(graph, 'count', { dtype: 'int32', shape: [] });
  const size = planar(network.input.spatial);
  const batch = prepareBatch(source, (pixels) => normalizePixels(resizePixels(pixels, size)));
  const variables = evaluatedVariables(parts.variables, parts.averages);
  const { logits } = lowerNetwork(network, batch.images, {
    variables,
    training: null,
    batchNormalization: parts.batchNormalization,
  });
  const counted = less(range(graph, images), count);
  return {
    inputs: { ...source.inputs, count },
    outputs: {
      lossSum: sum(mul(crossEntropy(logits, batch, parts.recipe), cast(counted, 'float32'))),
      correct: sum(mul(isCorrect(logits, batch.labels), cast(counted, 'int32'))),
    },
  };
}

/** prefix string [] -> done: writes every variable to a checkpoint whose files begin with the prefix. */
export function saveSignature(graph: Graph, variables: readonly Variable[]): Signature {
  const prefix = placeholder(graph, 'prefix', { dtype: 'string', shape: [] });
  const values = Object.fromEntries(variables.map((variable) => [variable.name, variable.read()]));
  return { inputs: { prefix }, outputs: { done: doneAfter(graph, [save(prefix, values)]) } };
}

/** prefix string [] -> done: reads every variable from such a checkpoint. */
export function restoreSignature(graph: Graph, variables: readonly Variable[]): Signature {
  const prefix = placeholder(graph, 'prefix', { dtype: 'string', shape: [] });
  const values = restore(prefix, Object.fromEntries(variables.map((variable) => [variable.name, variable])));
  const assignments = variables.map((variable) => variable.assign(required(values[variable.name])));
  return { inputs: { prefix }, outputs: { done: doneAfter(graph, assignments) } };
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

function crossEntropy(logits: Tensor, batch: Batch, { labelSmoothing }: Recipe): Tensor {
  const [, classes = 0] = logits.shape;
  const off = labelSmoothing / classes;
  const target = batch.targets((labels) => oneHot(labels, { depth: classes, on: 1 - labelSmoothing + off, off }));
  return softmaxCrossEntropyWithLogits(logits, target);
}

function required(value: Tensor | undefined): Tensor {
  if (value === undefined) throw new Error('A checkpoint has a tensor for every variable');
  return value;
}

/** int32 [batch], 1 where the largest logit is the label's. */
function isCorrect(logits: Tensor, labels: Tensor): Tensor {
  return cast(equal(argMax(logits), labels), 'int32');
}
