import { describe, expect, it } from 'vitest';

import {
  add,
  argMax,
  cast,
  conv2d,
  exp,
  floor,
  fusedBatchNormTraining,
  gradients,
  Graph,
  hardSwish,
  matMul,
  mean,
  mul,
  oneHot,
  placeholder,
  type Shape,
  square,
  stopGradient,
  sum,
  swish,
  type Tensor,
} from '../../src/index.ts';
import { load } from '../tensorflow.ts';

function input(graph: Graph, shape: Shape, name = 'x'): Tensor {
  return placeholder(graph, name, { dtype: 'float32', shape });
}
function typesOf(graph: Graph, from: number): string[] {
  return graph.operations.slice(from).map(({ type }) => type);
}

describe('gradients', () => {
  it('sums the paths that meet in a tensor with one AddN', () => {
    const graph = new Graph();
    const x = input(graph, [2, 3]);
    const loss = sum(add(add(square(x), exp(x)), mul(x, 2)));
    const before = graph.operations.length;
    gradients(loss, [x]);
    const added = typesOf(graph, before);
    expect(added.filter((type) => type === 'AddN').length).toBe(1);
    const sums = graph.operations.filter(({ type }) => type === 'AddN');
    expect(sums[0]?.inputs.length).toBe(3);
  });

  it('broadcasts a gradient that is the same for many elements only once, in the sum', () => {
    const graph = new Graph();
    const x = input(graph, [2, 8, 8, 4]);
    const loss = sum(mul(square(x), mean(x, { axes: [1, 2], keepDims: true })));
    const before = graph.operations.length;
    const [gradient] = gradients(loss, [x]);
    const wide = graph.operations.slice(before).filter(({ type }) => type === 'BroadcastTo');
    // Only the loss' own gradient is copied to every element: the gradient of the mean is added as it is.
    expect(wide.length).toBe(1);
    expect(gradient?.shape).toEqual(x.shape);
  });

  it('computes only what is asked for', () => {
    const graph = new Graph();
    const images = input(graph, [1, 4, 4, 2]);
    const filter = input(graph, [3, 3, 2, 2], 'filter');
    const before = graph.operations.length;
    gradients(sum(conv2d(images, filter)), [filter]);
    expect(typesOf(graph, before)).toContain('Conv2DBackpropFilter');
    expect(typesOf(graph, before)).not.toContain('Conv2DBackpropInput');
  });

  it.each([
    ['swish', swish, ['SigmoidGrad', 'AddV2', 'Mul']],
    ['hardSwish', hardSwish, ['Relu6Grad', 'AddV2', 'Mul', 'Mul']],
  ] as const)('differentiates %s in few passes over the elements', (_, activation, expected) => {
    const graph = new Graph();
    const x = input(graph, [4]);
    const y = activation(x);
    const loss = sum(mul(y, input(graph, [4], 'weights')));
    const before = graph.operations.length;
    gradients(loss, [x]);
    const own = graph.operations.slice(before).filter(({ name, type }) => name.includes('Swish') && type !== 'Const');
    expect(own.map(({ type }) => type)).toEqual(expected);
  });

  it('gives the gradient with respect to tensors in the middle of a path, and to the loss itself', async () => {
    const graph = new Graph();
    const x = input(graph, []);
    const middle = mul(x, 3);
    const loss = square(middle);
    const [dx, dMiddle, dLoss] = gradients(loss, [x, middle, loss]);
    if (dx === undefined || dMiddle === undefined || dLoss === undefined) throw new Error('a gradient is missing');
    const loaded = await load(graph, { signatures: { all: { inputs: { x }, outputs: { dx, dMiddle, dLoss } } } });
    const result = await loaded.run('all', { x: [2] });
    await loaded.dispose();
    // (3 x)^2 at 2: 18 x = 36, 2 (3 x) = 12, 1
    expect([result['dx'], result['dMiddle'], result['dLoss']].flatMap((found) => found?.values)).toEqual([36, 12, 1]);
  });

  it('lets nothing through what stops gradients, and goes on beside it', async () => {
    const graph = new Graph();
    const x = input(graph, [3]);
    const paths = [mul(x, stopGradient(x)), mul(x, floor(x)), cast(argMax(x, 0), 'float32')];
    const mask = oneHot(argMax(x, 0), { depth: 3 });
    const loss = sum(paths.reduce(add, mul(x, mask)));
    const [dx] = gradients(loss, [x]);
    if (dx === undefined) throw new Error('the gradient is missing');
    const loaded = await load(graph, { signatures: { all: { inputs: { x }, outputs: { dx } } } });
    const result = await loaded.run('all', { x: [1.5, 3.5, -2.5] });
    await loaded.dispose();
    // x + floor(x) + mask, where x is largest at the second place
    expect(result['dx']?.values).toEqual([1.5 + 1, 3.5 + 3 + 1, -2.5 - 3]);
  });

  it('needs a rule only for operations between the loss and the tensors', () => {
    const graph = new Graph();
    const x = input(graph, [2]);
    const unknown = (of: Tensor): Tensor =>
      graph.addTensor({
        type: 'Digamma',
        inputs: [of],
        attributes: { T: { type: 'float32' } },
        outputs: [{ dtype: 'float32', shape: of.shape }],
      });
    const besides = unknown(input(graph, [2], 'other'));
    expect(gradients(sum(mul(x, besides)), [x]).length).toBe(1);
    expect(() => gradients(sum(unknown(x)), [x])).toThrow(
      /^Digamma: there is no gradient rule, and the loss depends on a tensor through Digamma_1$/,
    );
  });

  it('refuses a loss that is no floating-point scalar, and tensors that it does not depend on', () => {
    const graph = new Graph();
    const x = input(graph, [2]);
    expect(() => gradients(x, [x])).toThrow('gradients: the loss must be one floating-point number; x is float32[2]');
    const counted = cast(sum(x), 'int32');
    expect(() => gradients(counted, [x])).toThrow(
      'gradients: the loss must be one floating-point number; Cast is int32[]',
    );
    const other = input(graph, [2], 'other');
    const loss = sum(add(x, floor(other)));
    expect(() => gradients(loss, [other])).toThrow('gradients: Sum_1 does not depend on other in a differentiable way');
  });

  it('refuses gradients through outputs that have no rule', () => {
    const graph = new Graph();
    const x = input(graph, [2, 2, 2, 3]);
    const vector = input(graph, [3], 'vector');
    const parameters = { scale: vector, offset: vector, mean: vector, variance: vector };
    const { mean: batchMean } = fusedBatchNormTraining(x, parameters, { exponentialAverageFactor: 1 });
    expect(() => gradients(sum(batchMean), [x])).toThrow(
      'FusedBatchNormV3: gradients flow through the first output only, not through output 1 of FusedBatchNormV3',
    );
  });

  it('differentiates each of two losses over shared tensors on its own', async () => {
    const graph = new Graph();
    const [a, b] = [input(graph, [2, 2], 'a'), input(graph, [2, 2], 'b')];
    const product = matMul(a, b);
    const [first] = gradients(sum(product), [a]);
    const [second] = gradients(sum(mul(product, 10)), [a]);
    if (first === undefined || second === undefined) throw new Error('a gradient is missing');
    const loaded = await load(graph, { signatures: { all: { inputs: { a, b }, outputs: { first, second } } } });
    const result = await loaded.run('all', { a: [1, 1, 1, 1], b: [1, 2, 3, 4] });
    await loaded.dispose();
    // Rows of b summed: 1 + 2 and 3 + 4, for each row of a.
    expect(result['first']?.values).toEqual([3, 7, 3, 7]);
    expect(result['second']?.values).toEqual([30, 70, 30, 70]);
  });
});
