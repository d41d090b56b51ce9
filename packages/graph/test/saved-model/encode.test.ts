import { describe, expect, it } from 'vitest';

import {
  constant,
  encodeSavedModel,
  gradients,
  Graph,
  identity,
  matMul,
  mean,
  noOp,
  placeholder,
  resourceApplyGradientDescent,
  type SavedModelOptions,
  statelessRandomNormal,
  swish,
  Variable,
} from '../../src/index.ts';

function build(): { graph: Graph; options: SavedModelOptions } {
  const graph = new Graph();
  const weights = new Variable(graph, { name: 'weights', shape: [3, 2] });
  const seed = constant(graph, [1, 2], { dtype: 'int32' });
  const initialize = noOp(graph, [weights.initialize(statelessRandomNormal(seed, { shape: [3, 2] }))]);
  const x = placeholder(graph, 'x', { dtype: 'float32', shape: [4, 3] });
  const loss = mean(swish(matMul(x, weights.read())));
  const updates = gradients(loss, [weights.read()]).map((gradient) => {
    return resourceApplyGradientDescent(weights, gradient, { learningRate: 0.1 });
  });
  const trained = graph.after(updates, () => identity(loss));
  return {
    graph,
    options: {
      signatures: {
        train: { inputs: { x }, outputs: { loss: trained } },
        evaluate: { inputs: { x }, outputs: { loss, again: loss } },
      },
      initialize,
    },
  };
}

describe('encodeSavedModel', () => {
  it('gives the same bytes for the same graph, built again or encoded again', () => {
    const [first, second] = [build(), build()];
    const bytes = encodeSavedModel(first.graph, first.options);
    expect(Buffer.compare(encodeSavedModel(first.graph, first.options), bytes)).toBe(0);
    expect(Buffer.compare(encodeSavedModel(second.graph, second.options), bytes)).toBe(0);
  });

  it('gives the same bytes in whatever order signatures and tensors are named', () => {
    const { graph, options } = build();
    const reversed = Object.fromEntries(
      Object.entries(options.signatures)
        .reverse()
        .map(([name, { inputs, outputs }]) => {
          const outputsReversed = Object.fromEntries(Object.entries(outputs).reverse());
          return [name, inputs === undefined ? { outputs: outputsReversed } : { inputs, outputs: outputsReversed }];
        }),
    );
    const bytes = encodeSavedModel(graph, options);
    expect(Buffer.compare(encodeSavedModel(graph, { ...options, signatures: reversed }), bytes)).toBe(0);
  });

  it('gives other bytes for another graph', () => {
    const { graph, options } = build();
    const bytes = encodeSavedModel(graph, options);
    noOp(graph);
    expect(Buffer.compare(encodeSavedModel(graph, options), bytes)).not.toBe(0);
  });

  it('stores a filled constant as one element, and a large one as its bytes', () => {
    const sizeOfGraph = (add: (graph: Graph) => void): number => {
      const graph = new Graph();
      add(graph);
      const output = constant(graph, 1);
      return encodeSavedModel(graph, { signatures: { all: { outputs: { output } } } }).length;
    };
    const empty = sizeOfGraph(() => undefined);
    const filled = sizeOfGraph((graph) => constant(graph, 3, { shape: [1000, 1000] }));
    const large = sizeOfGraph((graph) => constant(graph, new Float32Array(1_000_000)));
    expect(filled - empty).toBeLessThan(200);
    expect(large - empty).toBeGreaterThanOrEqual(4_000_000);
    expect(large - empty).toBeLessThan(4_000_200);
  });

  it('refuses signatures without outputs, under reserved names, and with tensors of another graph', () => {
    const { graph, options } = build();
    const elsewhere = placeholder(new Graph(), 'elsewhere', { dtype: 'float32', shape: [] });
    expect(() => encodeSavedModel(graph, { signatures: { empty: { outputs: {} } } })).toThrow(
      'SavedModel: signature empty has no outputs, so that nothing would run',
    );
    expect(() =>
      encodeSavedModel(graph, { signatures: { __saved_model_init_op: { outputs: { elsewhere } } } }),
    ).toThrow('SavedModel: "__saved_model_init_op" cannot be the name of a signature');
    expect(() => encodeSavedModel(graph, { signatures: { mixed: { outputs: { y: elsewhere } } } })).toThrow(
      'SavedModel: y (elsewhere) belongs to another graph',
    );
    expect(() => encodeSavedModel(graph, { ...options, initialize: noOp(new Graph(), [], 'start') })).toThrow(
      'SavedModel: start belongs to another graph',
    );
  });
});
