import type { Recipe } from '@compound-search/contracts';
import { Graph, noOp, type Operation, type Signature } from '@compound-search/graph';
import type { Network } from '@compound-search/networks';

import { fedSource, type ImageSize, residentSource } from './batch-source.ts';
import { initializeConstants, type StoredVariable, storedVariables } from './initial-values.ts';
import type { BatchNormalizationKernels } from './lower-network.ts';
import { createNetworkVariables } from './network-variables.ts';
import { createOptimizerSlots } from './optimizer.ts';
import {
  evaluateSignature,
  exportSignature,
  importSignature,
  initializeSignature,
  loadSignature,
  restoreSignature,
  saveSignature,
  type TrainingParts,
  trainSignature,
} from './signatures.ts';
import type { TrainingLength } from './training-length.ts';
import { createWeightAverages } from './weight-averages.ts';

/** What a training graph is built from. */
export interface TrainingGraphRequest {
  readonly network: Network;
  /** The network at the input of each equal part of the training, in turn. */
  readonly parts: readonly Network[];
  readonly recipe: Recipe;
  readonly length: TrainingLength;
  /** Of the data set's images, before they are resized to the network's input. */
  readonly image: ImageSize;
  /** Images that the graph holds: training, validation and test images alike; null where each batch is fed. */
  readonly residentImages: number | null;
  readonly evaluationBatchSize: number;
  readonly batchNormalization: BatchNormalizationKernels;
}

type SignatureName = 'load' | 'initialize' | 'evaluate' | 'save' | 'restore' | 'export' | 'import';

/** A graph with everything that a trial runs, as named signatures over one set of variables. */
export interface TrainingGraph {
  readonly graph: Graph;
  readonly signatures: Readonly<Record<SignatureName, Signature>>;
  /** One step of each part of the training. */
  readonly train: readonly Signature[];
  /** Sets everything that does not depend on the seed; TensorFlow runs it when the model is loaded. */
  readonly initialize: Operation;
  /**
   * The network's variables without what the optimizer keeps, in the order of the layers, each with the name of the
   * variable that evaluation reads: its average, where the recipe has averages, else itself.
   */
  readonly networkVariables: readonly { readonly name: string; readonly evaluated: string }[];
}

/**
 * Builds the one graph that a trial runs: forward and backward pass, optimizer, moving statistics, weight averages,
 * learning-rate schedule, dropout and augmentation, with the data set resident as bytes or fed batch by batch.
 */
export function buildTrainingGraph(request: TrainingGraphRequest): TrainingGraph {
  const graph = new Graph();
  const { image, residentImages: count } = request;
  const data = count === null ? fedSource(graph, image) : residentSource(graph, { image, count });
  const byLayer = createNetworkVariables(graph, request.network);
  const variables = [...byLayer.values()].flatMap((parts) => [...parts.values()]);
  const trained = variables.filter((variable) => variable.trained);
  const slots = trained.map((variable) => createOptimizerSlots(graph, variable, request.recipe));
  const averages = createWeightAverages(graph, variables, request.recipe);
  const stored = storedVariables(variables, slots, averages);
  const parts = { ...request, data, variables: byLayer, slots, averages };
  return {
    graph,
    signatures: buildSignatures(graph, request.network, { parts, stored }),
    train: request.parts.map((network, part) =>
      graph.scope(`train-${part}`, () => trainSignature(graph, network, parts)),
    ),
    initialize: graph.scope('main', () => noOp(graph, initializeConstants(stored))),
    networkVariables: variables.map((variable) => ({
      name: variable.variable.name,
      evaluated: (averages.get(variable) ?? variable.variable).name,
    })),
  };
}

function buildSignatures(
  graph: Graph,
  network: Network,
  { parts, stored }: { parts: TrainingParts; stored: readonly StoredVariable[] },
): TrainingGraph['signatures'] {
  const all = stored.map(({ variable }) => variable);
  return {
    load: graph.scope('load', () => loadSignature(graph, parts.data)),
    initialize: graph.scope('initialize', () => initializeSignature(graph, stored)),
    evaluate: graph.scope('evaluate', () => evaluateSignature(graph, network, parts)),
    save: graph.scope('save', () => saveSignature(graph, all)),
    restore: graph.scope('restore', () => restoreSignature(graph, all)),
    export: graph.scope('export', () => exportSignature(all)),
    import: graph.scope('import', () => importSignature(graph, all)),
  };
}
