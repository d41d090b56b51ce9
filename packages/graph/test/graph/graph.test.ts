import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  add,
  constant,
  encodeSavedModel,
  Graph,
  GraphError,
  identity,
  noOp,
  placeholder,
  type Tensor,
} from '../../src/index.ts';

function scalar(graph: Graph, name: string): Tensor {
  return placeholder(graph, name, { dtype: 'float32', shape: [] });
}

describe('Graph', () => {
  it('gives every node a name of its own, whatever names and scopes are asked for', () => {
    const name = fc.constantFrom('a', 'b', 'a_1', 'a_2', 'a_1_1');
    const scope = fc.constantFrom('', 's', 's_1', 'a');
    fc.assert(
      fc.property(fc.array(fc.tuple(scope, name), { maxLength: 40 }), (wanted) => {
        const graph = new Graph();
        for (const [within, base] of wanted) {
          if (within === '') scalar(graph, base);
          else graph.scope(within, () => scalar(graph, base));
        }
        const names = graph.operations.map((operation) => operation.name);
        expect(new Set(names).size).toBe(wanted.length);
      }),
    );
  });

  it('numbers repeated names as TensorFlow does', () => {
    const graph = new Graph();
    const names = ['x', 'x', 'x_1', 'x'].map((wanted) => scalar(graph, wanted).node.name);
    expect(names).toEqual(['x', 'x_1', 'x_1_1', 'x_2']);
  });

  it('nests scopes, and leaves one when its builder throws', () => {
    const graph = new Graph();
    const inner = graph.scope('stage1', () => graph.scope('block2', () => scalar(graph, 'x')));
    expect(inner.node.name).toBe('stage1/block2/x');
    expect(() =>
      graph.scope('broken', () => {
        throw new Error('from the builder');
      }),
    ).toThrow('from the builder');
    expect(scalar(graph, 'y').node.name).toBe('y');
  });

  it('refuses names that TensorFlow refuses', () => {
    const graph = new Graph();
    expect(() => scalar(graph, 'two words')).toThrow(
      new GraphError('Graph', '"two words" is no node name; letters, digits and . _ - / are allowed'),
    );
    expect(() => scalar(graph, '_leading')).toThrow(GraphError);
    expect(() => scalar(graph, 'x:0')).toThrow(GraphError);
  });

  it('refuses tensors of another graph', () => {
    const graph = new Graph();
    const foreign = scalar(new Graph(), 'elsewhere');
    expect(() => add(scalar(graph, 'x'), foreign)).toThrow('AddV2: its input elsewhere belongs to another graph');
    expect(() => graph.after([foreign], () => noOp(graph))).toThrow('NoOp: elsewhere belongs to another graph');
  });

  it('makes operations wait for all operations around them, and constants for none', () => {
    const graph = new Graph();
    const [first, second] = [noOp(graph, [], 'first'), noOp(graph, [], 'second')];
    const x = scalar(graph, 'x');
    const waiting = graph.after([first], () => graph.after([second, first], () => identity(x)));
    expect(waiting.node.controlInputs.map(({ name }) => name)).toEqual(['first', 'second']);
    const fixed = graph.after([first], () => constant(graph, [1, 2, 3], { name: 'fixed' }));
    expect(fixed.node.controlInputs).toEqual([]);
    expect(identity(x).node.controlInputs).toEqual([]);
  });

  it('places on the host what is built there, and leaves the rest and shared constants to TensorFlow', () => {
    const graph = new Graph();
    const x = scalar(graph, 'x');
    const [sum, named] = graph.onHost(() => [add(x, 7), constant(graph, 1, { name: 'named' })]);
    expect([sum, named].map(({ node }) => node.device)).toEqual(['/device:CPU:0', '/device:CPU:0']);
    expect([x, constant(graph, 7), add(x, 7)].map(({ node }) => node.device)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const encoded = encodeSavedModel(graph, { signatures: { run: { inputs: { x }, outputs: { sum } } } });
    expect(Buffer.from(encoded).toString('latin1').split('/device:CPU:0')).toHaveLength(3);
  });

  it('shares small constants that are equal, and no others', () => {
    const graph = new Graph();
    const one = graph.scope('a', () => constant(graph, 1));
    const first = scalar(graph, 'first');
    expect(graph.after([first], () => constant(graph, 1))).toBe(one);
    expect(constant(graph, 1, { dtype: 'int32' })).not.toBe(one);
    expect(constant(graph, 1, { shape: [1] })).not.toBe(one);
    expect(constant(graph, -0)).not.toBe(constant(graph, 0));
    expect(constant(graph, 1, { name: 'named' })).not.toBe(one);
  });
});
