import { Graph, type Operation, placeholder, sizeOf } from '@compound-search/graph';
import { type Network, networkCost } from '@compound-search/networks';
import { expect } from 'vitest';

import { lowerNetwork } from '../../src/lowering/lower-network.ts';
import { createNetworkVariables } from '../../src/lowering/network-variables.ts';

function lower(network: Network) {
  const graph = new Graph();
  const variables = createNetworkVariables(graph, network);
  const [height = 0, width = 0] = network.input.spatial;
  const images = placeholder(graph, 'images', { dtype: 'float32', shape: [1, height, width, network.input.channels] });
  const { logits } = lowerNetwork(network, images, { variables, training: null });
  const all = [...variables.values()].flatMap((parts) => [...parts.values()]);
  return { graph, logits, all };
}

/** Multiply-adds of one operation of a real graph at batch 1, from the shapes of its tensors alone. */
function multiplyAdds(operation: Operation): number {
  switch (operation.type) {
    case 'Conv2D': {
      const [height = 0, width = 0, channels = 0] = operation.input(1).shape;
      return sizeOf(operation.output().shape) * height * width * channels;
    }
    case 'DepthwiseConv2dNative': {
      const [height = 0, width = 0] = operation.input(1).shape;
      return sizeOf(operation.output().shape) * height * width;
    }
    case 'MatMul':
      return sizeOf(operation.output().shape) * (operation.input(1).shape[0] ?? 0);
    default:
      return 0;
  }
}

/** Outputs of the operations that pycls counts. */
function activationsOf(operation: Operation): number {
  const counted = ['Conv2D', 'DepthwiseConv2dNative', 'MatMul', 'MaxPool'];
  return counted.includes(operation.type) ? sizeOf(operation.output().shape) : 0;
}

function biasedOutputs(operation: Operation): number {
  return operation.type === 'BiasAdd' ? sizeOf(operation.output().shape) : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The longest part of a name before a slash that is a layer's: the scope in which its operations are made. */
function scopeOf(name: string, layers: ReadonlySet<string>): string | undefined {
  const parts = name.split('/');
  const scopes = parts.map((_, index) => parts.slice(0, index).join('/'));
  return scopes.findLast((scope) => layers.has(scope));
}

/** The operations of a graph by the layer in whose scope they were made. */
function byLayer(graph: Graph, network: Network): ReadonlyMap<string, readonly Operation[]> {
  const operations = new Map<string, Operation[]>(network.layers.map(({ name }) => [name, []]));
  const layers = new Set(operations.keys());
  for (const operation of graph.operations) operations.get(scopeOf(operation.name, layers) ?? '')?.push(operation);
  return operations;
}

/** Holds a network's cost, and the shape and share of each of its layers, to the graph that it is lowered to. */
export function expectAgreement(network: Network): void {
  const { graph, logits, all } = lower(network);
  const cost = networkCost(network);
  const sizes = (trained: boolean) =>
    sum(all.filter((item) => item.trained === trained).map(({ variable }) => sizeOf(variable.shape)));
  expect(logits.shape).toEqual([1, network.classes]);
  expect(sizes(true)).toBe(cost.parameters);
  expect(sizes(true) + sizes(false)).toBe(cost.parametersWithStatistics);
  const macs = sum(graph.operations.map(multiplyAdds));
  expect(macs).toBe(cost.macs);
  expect(macs + sum(graph.operations.map(biasedOutputs))).toBe(cost.macsWithBias);
  expect(sum(graph.operations.map(activationsOf))).toBe(cost.activations);
  expectLayers(graph, network);
}

function expectLayers(graph: Graph, network: Network): void {
  const operations = byLayer(graph, network);
  for (const layer of networkCost(network).perLayer) {
    const own = operations.get(layer.name) ?? [];
    expect(sum(own.map(multiplyAdds)), layer.name).toBe(layer.macs);
    expect(sum(own.map(activationsOf)), layer.name).toBe(layer.activations);
    const result = own.at(-1)?.output().shape;
    // Layers that do nothing in evaluation (dropout, a linear activation) have no operation of their own.
    if (result !== undefined) {
      expect(result, layer.name).toEqual([1, ...layer.outputShape.spatial, layer.outputShape.channels]);
    }
  }
}
