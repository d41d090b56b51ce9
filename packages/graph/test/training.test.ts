import { describe, expect, it } from 'vitest';

import {
  add,
  biasAdd,
  constant,
  conv2d,
  depthwiseConv2d,
  fusedBatchNormTraining,
  gradients,
  Graph,
  identity,
  matMul,
  mean,
  mul,
  noOp,
  type Operation,
  placeholder,
  reshape,
  resourceApplyRmsProp,
  type Shape,
  sigmoid,
  sizeOf,
  softmaxCrossEntropyWithLogits,
  swish,
  type Tensor,
  Variable,
} from '../src/index.ts';
import { load, tf } from './tensorflow.ts';

const batch = 8;
const size = 9;
const classes = 5;
const steps = 20;
const batches = 3;
const epsilon = 1e-3;
const rmsProp = { learningRate: 0.01, decay: 0.9, momentum: 0.9, epsilon: 1e-3 };

/** The weights of one MBConv block between a stem and a classifier. */
const shapes = {
  stem: [3, 3, 3, 8],
  stemScale: [8],
  stemOffset: [8],
  depthwise: [3, 3, 8, 1],
  depthwiseScale: [8],
  depthwiseOffset: [8],
  squeeze: [8, 2],
  squeezeBias: [2],
  excite: [2, 8],
  exciteBias: [8],
  project: [1, 1, 8, 8],
  projectScale: [8],
  projectOffset: [8],
  classify: [8, classes],
  classifyBias: [classes],
} as const satisfies Record<string, Shape>;
type Name = keyof typeof shapes;
const names = Object.keys(shapes) as Name[];

/** Numbers between -1 and 1 that are the same in every run: Park and Miller's generator. */
function numbers(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 48271) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  });
}

function initialWeights(name: Name): number[] {
  const drawn = numbers(sizeOf(shapes[name]), names.indexOf(name) + 17);
  return drawn.map((value) => (name.endsWith('Scale') ? 1 + 0.2 * value : 0.5 * value));
}

const images = Array.from({ length: batches }, (_, index) => numbers(batch * size * size * 3, 1000 + index));
const labels = Array.from({ length: batches }, (_, index) => {
  // Smoothed one-hot rows: 0.9 for the label, 0.02 for every class.
  return Array.from({ length: batch }, (__, row) => {
    return Array.from({ length: classes }, (___, c) => 0.02 + (c === (row * 3 + index) % classes ? 0.9 : 0));
  }).flat();
});

type EagerTensor = ReturnType<typeof tf.tensor>;
type RankedTensor<Rank extends 1 | 2 | 4> = ReturnType<(typeof tf)[`tensor${Rank}d`]>;

async function trainGraph(): Promise<number[]> {
  const graph = new Graph();
  const initial: Operation[] = [];
  const create = (name: string, shape: Shape, value: Tensor): Variable => {
    const variable = new Variable(graph, { name, shape });
    initial.push(variable.initialize(value));
    return variable;
  };
  const variables = new Map(
    names.map((name) => [
      name,
      create(name, shapes[name], constant(graph, initialWeights(name), { shape: shapes[name] })),
    ]),
  );
  const weight = (name: Name): Tensor => variables.get(name)?.read() ?? constant(graph, NaN);
  const normalize = (x: Tensor, name: 'stem' | 'depthwise' | 'project'): Tensor => {
    const zeros = constant(graph, 0, { shape: [8] });
    const parameters = {
      scale: weight(`${name}Scale`),
      offset: weight(`${name}Offset`),
      mean: zeros,
      variance: zeros,
      epsilon,
    };
    return fusedBatchNormTraining(x, parameters, { exponentialAverageFactor: 1 }).y;
  };
  const x = placeholder(graph, 'images', { dtype: 'float32', shape: [batch, size, size, 3] });
  const y = placeholder(graph, 'labels', { dtype: 'float32', shape: [batch, classes] });
  const stem = swish(normalize(conv2d(x, weight('stem'), { strides: 2 }), 'stem'));
  const filtered = swish(normalize(depthwiseConv2d(stem, weight('depthwise')), 'depthwise'));
  const squeezed = swish(biasAdd(matMul(mean(filtered, { axes: [1, 2] }), weight('squeeze')), weight('squeezeBias')));
  const gate = sigmoid(biasAdd(matMul(squeezed, weight('excite')), weight('exciteBias')));
  const gated = mul(filtered, reshape(gate, [batch, 1, 1, 8]));
  const block = add(normalize(conv2d(gated, weight('project')), 'project'), stem);
  const logits = biasAdd(matMul(mean(block, { axes: [1, 2] }), weight('classify')), weight('classifyBias'));
  const loss = mean(softmaxCrossEntropyWithLogits(logits, y));
  const updates = gradients(loss, names.map(weight)).map((gradient, index) => {
    const name = names[index] ?? 'stem';
    const slot = (suffix: string): Variable =>
      create(`${name}/${suffix}`, shapes[name], constant(graph, 0, { shape: shapes[name] }));
    const variable = variables.get(name);
    if (variable === undefined) throw new Error(`${name} is missing`);
    const slots = { meanSquare: slot('meanSquare'), momentumAccumulator: slot('momentum') };
    return resourceApplyRmsProp(variable, gradient, { ...rmsProp, ...slots });
  });
  const loaded = await load(graph, {
    signatures: {
      train: { inputs: { images: x, labels: y }, outputs: { loss: graph.after(updates, () => identity(loss)) } },
    },
    initialize: noOp(graph, initial),
  });
  const losses: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    const feeds = { images: images[step % batches] ?? [], labels: labels[step % batches] ?? [] };
    const { loss: found } = await loaded.run('train', feeds);
    losses.push(...(found?.values ?? []));
  }
  await loaded.dispose();
  return losses;
}

function trainEagerly(): number[] {
  const variables = new Map(
    names.map((name) => [name, tf.variable(tf.tensor(initialWeights(name), [...shapes[name]]))]),
  );
  const weight = <Rank extends 1 | 2 | 4>(name: Name, rank: Rank): RankedTensor<Rank> => {
    const variable = variables.get(name);
    if (variable?.rank !== rank) throw new Error(`${name} has not rank ${rank}`);
    return variable as RankedTensor<Rank>;
  };
  const activate = <T extends EagerTensor>(x: T): T => tf.mul(x, tf.sigmoid(x));
  const normalize = (x: RankedTensor<4>, name: 'stem' | 'depthwise' | 'project'): RankedTensor<4> => {
    const { mean: average, variance } = tf.moments(x, [0, 1, 2]);
    const [scale, offset] = [weight(`${name}Scale`, 1), weight(`${name}Offset`, 1)];
    return tf.batchNorm(x, average.as1D(), variance.as1D(), offset, scale, epsilon);
  };
  const lossOf = (x: RankedTensor<4>, y: RankedTensor<2>) => {
    const stem = activate(normalize(tf.conv2d(x, weight('stem', 4), 2, 'same'), 'stem'));
    const filtered = activate(normalize(tf.depthwiseConv2d(stem, weight('depthwise', 4), 1, 'same'), 'depthwise'));
    const pooled: RankedTensor<2> = filtered.mean([1, 2]);
    const squeezed = activate(tf.matMul(pooled, weight('squeeze', 2)).add(weight('squeezeBias', 1)));
    const gate = tf.matMul(squeezed, weight('excite', 2)).add(weight('exciteBias', 1)).sigmoid();
    const gated: RankedTensor<4> = tf.mul(filtered, gate.reshape([batch, 1, 1, 8]));
    const block = normalize(tf.conv2d(gated, weight('project', 4), 1, 'same'), 'project').add(stem);
    const features: RankedTensor<2> = block.mean([1, 2]);
    const logits = tf.matMul(features, weight('classify', 2)).add(weight('classifyBias', 1));
    return tf.losses.softmaxCrossEntropy(y, logits).asScalar();
  };
  const optimizer = tf.train.rmsprop(rmsProp.learningRate, rmsProp.decay, rmsProp.momentum, rmsProp.epsilon);
  const losses = Array.from({ length: steps }, (_, step) =>
    tf.tidy(() => {
      const x = tf.tensor4d(images[step % batches] ?? [], [batch, size, size, 3]);
      const y = tf.tensor2d(labels[step % batches] ?? [], [batch, classes]);
      return optimizer.minimize(() => lossOf(x, y), true)?.dataSync()[0] ?? NaN;
    }),
  );
  tf.dispose([...variables.values()]);
  optimizer.dispose();
  return losses;
}

describe('a small network', () => {
  it('has the losses of eager TensorFlow.js over twenty steps of RMSProp', async () => {
    const found = await trainGraph();
    const expected = trainEagerly();
    expect(found.length).toBe(steps);
    expect(found.at(-1)).toBeLessThan(0.7 * (found[0] ?? 0));
    found.forEach((loss, step) => {
      expect(Math.abs(loss / (expected[step] ?? NaN) - 1), `at step ${step}`).toBeLessThan(1e-4);
    });
  });
});
