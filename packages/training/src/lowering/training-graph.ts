import type { Recipe } from '@compound-search/contracts';
import { Graph, noOp, type Operation, type Signature } from '@compound-search/graph';
import type { Network } from '@compound-search/networks';

import { initializeConstants } from './initial-values.ts';
import { createNetworkVariables } from './network-variables.ts';
import { createOptimizerSlots } from './optimizer.ts';
import { createResidentData, type ImageSize } from './resident-data.ts';
import {
  evaluateSignature,
  exportSignature,
  importSignature,
  initializeSignature,
  loadSignature,
  trainSignature,
} from './signatures.ts';

/** What a training graph is built from. */
export interface TrainingGraphRequest {
  readonly network: Network;
  readonly recipe: Recipe;
  /** Of the data set's images, before they are resized to the network's input. */
  readonly image: ImageSize;
  /** Images that the graph holds: training, validation and test images alike. */
  readonly images: number;
  readonly evaluationBatchSize: number;
  readonly stepsPerEpoch: number;
}

/** A graph with everything that a trial runs, as named signatures over one set of variables. */
export interface TrainingGraph {
  readonly graph: Graph;
  readonly signatures: Readonly<Record<'load' | 'initialize' | 'train' | 'evaluate' | 'export' | 'import', Signature>>;
  /** Sets everything that does not depend on the seed; TensorFlow runs it when the model is loaded. */
  readonly initialize: Operation;
  /** Names of the variables that the network consists of, without what the optimizer keeps, in the order of the layers. */
  readonly networkVariables: readonly string[];
}

/**
 * Builds the one graph that a trial runs: forward and backward pass, optimizer, moving statistics, learning-rate
 * schedule and dropout, with the data set resident as bytes.
 */
export function buildTrainingGraph(request: TrainingGraphRequest): TrainingGraph {
  const graph = new Graph();
  const data = createResidentData(graph, { image: request.image, count: request.images });
  const byLayer = createNetworkVariables(graph, request.network);
  const variables = [...byLayer.values()].flatMap((parts) => [...parts.values()]);
  const slots = variables
    .filter(({ trained }) => trained)
    .map((trained) => createOptimizerSlots(graph, trained, request.recipe));
  const stored = [
    ...variables.map(({ variable }) => variable),
    ...slots.flatMap((kept) => kept.slots.map(({ variable }) => variable)),
  ];
  const parts = { ...request, data, variables: byLayer, slots };
  return {
    graph,
    signatures: {
      load: graph.scope('load', () => loadSignature(graph, data)),
      initialize: graph.scope('initialize', () => initializeSignature(graph, variables, slots)),
      train: graph.scope('train', () => trainSignature(graph, parts)),
      evaluate: graph.scope('evaluate', () => evaluateSignature(graph, parts)),
      export: graph.scope('export', () => exportSignature(stored)),
      import: graph.scope('import', () => importSignature(graph, stored)),
    },
    initialize: graph.scope('main', () => noOp(graph, initializeConstants(variables, slots))),
    networkVariables: variables.map(({ variable }) => variable.name),
  };
}
