import { recipeSchema } from '@compound-search/contracts';
import { Graph, type Operation, placeholder, sizeOf } from '@compound-search/graph';
import {
  baselines,
  buildNetwork,
  candidateArchitecture,
  type Network,
  networkCost,
  scaleBaseline,
} from '@compound-search/networks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

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
      return sizeOf(operation.input(1).shape);
    default:
      return 0;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function expectAgreement(network: Network): void {
  const { graph, logits, all } = lower(network);
  const cost = networkCost(network);
  const sizes = (trained: boolean) =>
    sum(all.filter((item) => item.trained === trained).map(({ variable }) => sizeOf(variable.shape)));
  expect(logits.shape).toEqual([1, network.classes]);
  expect(sizes(true)).toBe(cost.parameters);
  expect(sizes(true) + sizes(false)).toBe(cost.parametersWithStatistics);
  expect(sum(graph.operations.map(multiplyAdds))).toBe(cost.macs);
}

const recipe = recipeSchema.parse({});
const planar = [...baselines.values()].filter(({ input }) => input.spatial.length === 2);

describe('lowerNetwork', () => {
  it.each(planar.map((baseline) => [baseline.name, baseline] as const))(
    'gives a graph with the parameters and multiply-adds that %s is costed at',
    (_, baseline) => {
      expectAgreement(buildNetwork(scaleBaseline(baseline, { depth: 1, width: 1, resolution: 1 })));
    },
  );

  it('agrees with the cost for any coefficients', () => {
    const multiplier = fc.double({ min: 0.4, max: 2.2, noNaN: true });
    fc.assert(
      fc.property(fc.record({ depth: multiplier, width: multiplier, resolution: multiplier }), (multipliers) => {
        const request = { baseline: 'efficientnet-micro', multipliers, channels: 3, classes: 7, recipe };
        expectAgreement(buildNetwork(candidateArchitecture(request)));
      }),
      { numRuns: 25 },
    );
  });
});
