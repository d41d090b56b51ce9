/**
 * An engine process: TensorFlow.js as its documentation has it, operation by operation in the same native library,
 * with `variableGrads` and the library's own RMSProp.
 */
import util from 'node:util';

import type { Tensor, Tensor4D, Variable } from '@tensorflow/tfjs-node-gpu';

import { batchOf, initialWeights, readJob } from './job.ts';
import { serveEngine } from './serve-engine.ts';

// TensorFlow.js calls a function that Node 23 removed (tensorflow/tfjs 8609).
if (!('isNullOrUndefined' in util)) {
  Object.defineProperty(util, 'isNullOrUndefined', {
    value: (value: unknown) => value === null || value === undefined,
  });
}
const tf = await import('@tensorflow/tfjs-node-gpu');
const { EagerNetwork } = await import('./eager-network.ts');

const directory = process.argv[2];
if (directory === undefined) throw new Error('The folder of a job is expected');
const read = await readJob(directory);
const { job, arrays } = read;
const { network, recipe } = job;
const [height = 0, width = 0] = network.input.spatial;
const size = height * width * network.input.channels;

const variables = new Map<string, Variable>();
for (const [name, { values, shape }] of initialWeights(read)) {
  variables.set(name, tf.variable(tf.tensor(values, shape), true, name));
}
const eager = new EagerNetwork(network, variables);
const optimizer = await createOptimizer();

const trained = [...variables.values()];

await serveEngine(
  {
    description: `TensorFlow.js ${tf.version.tfjs}, operation by operation`,
    parameters: trained.reduce((sum, variable) => sum + variable.size, 0),
    train,
  },
  job,
);

function train(step: number): number {
  return tf.tidy(() => {
    const { images, labels } = gather(batchOf(read, step));
    const target = tf.oneHot(labels, network.classes);
    const { value, grads } = tf.variableGrads(
      () => tf.losses.softmaxCrossEntropy(target, eager.logits(images), undefined, recipe.labelSmoothing).asScalar(),
      trained,
    );
    const gradients = trained.map((variable) => ({
      name: variable.name,
      tensor: decayed(variable, grads[variable.name]),
    }));
    optimizer.applyGradients(gradients);
    return value.dataSync()[0] ?? NaN;
  });
}

function decayed(variable: Variable, gradient: Tensor | undefined): Tensor {
  if (gradient === undefined) throw new Error(`The loss does not depend on ${variable.name}`);
  return variable.name.endsWith('/kernel') ? gradient.add(variable.mul(recipe.weightDecay)) : gradient;
}

/** A batch of pixels from -1 to 1 out of the resident bytes, and its classes. */
function gather(indices: Int32Array): { images: Tensor4D; labels: Int32Array } {
  const pixels = new Float32Array(indices.length * size);
  indices.forEach((index, position) => {
    const first = index * size;
    const place = position * size;
    for (let i = 0; i < size; i += 1) pixels[place + i] = (arrays.images[first + i] ?? 0) / 127.5 - 1;
  });
  return {
    images: tf.tensor4d(pixels, [indices.length, height, width, network.input.channels]),
    labels: indices.map((index) => arrays.labels[index] ?? 0),
  };
}

/** RMSProp whose mean squares start at 1, as in the paper's code, so that the losses of all engines can be compared. */
async function createOptimizer() {
  if (recipe.optimizer.kind !== 'rmsprop') throw new Error(`No engine is compared by ${recipe.optimizer.kind}`);
  const { decay, momentum, epsilon } = recipe.optimizer;
  const created = tf.train.rmsprop(recipe.learningRate, decay, momentum, epsilon);
  const slot = (kind: 'ones' | 'zeros') =>
    [...variables].map(([name, { shape }]) => ({ name: `${name}/${kind}`, tensor: tf[kind](shape) }));
  await created.setWeights([{ name: 'iter', tensor: tf.scalar(0, 'int32') }, ...slot('ones'), ...slot('zeros')]);
  return created;
}
