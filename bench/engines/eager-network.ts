import {
  type ActivationFunction,
  type Layer,
  type LayerOperation,
  type Network,
  networkInput,
} from '@compound-search/networks';
import * as tf from '@tensorflow/tfjs-node-gpu';

/** Trained variables by name. */
export type TrainedVariables = ReadonlyMap<string, tf.Variable>;

/** A network of TensorFlow.js operations, each run at once, in training mode. */
export class EagerNetwork {
  readonly #network: Network;
  readonly #variables: TrainedVariables;
  readonly #statistics: ReadonlyMap<string, { readonly mean: tf.Variable; readonly variance: tf.Variable }>;

  constructor(network: Network, variables: TrainedVariables) {
    this.#network = network;
    this.#variables = variables;
    this.#statistics = new Map(
      network.layers
        .filter(({ operation }) => operation.kind === 'batch-normalization')
        .map(({ name, outputShape: { channels } }) => [
          name,
          {
            mean: tf.variable(tf.zeros([channels]), false),
            variance: tf.variable(tf.ones([channels]), false),
          },
        ]),
    );
  }

  /** Logits [batch, classes] of images [batch, height, width, channels]; moving statistics are updated. */
  logits(images: tf.Tensor4D): tf.Tensor2D {
    const outputs = new Map<string, tf.Tensor>([[networkInput, images]]);
    let last: tf.Tensor = images;
    for (const layer of this.#network.layers) {
      const inputs = layer.inputs.map((name) => required(outputs.get(name), name));
      last = this.#apply(layer, inputs);
      outputs.set(layer.name, last);
    }
    return last.as2D(images.shape[0], this.#network.classes);
  }

  #apply(layer: Layer, inputs: readonly tf.Tensor[]): tf.Tensor {
    const { operation } = layer;
    const x = required(inputs[0], layer.name);
    switch (operation.kind) {
      case 'convolution':
        return this.#withBias(layer, tf.conv2d(as4D(x), this.#kernel(layer), pair(operation.strides), 'same'));
      case 'depthwise-convolution':
        return this.#withBias(layer, tf.depthwiseConv2d(as4D(x), this.#kernel(layer), pair(operation.strides), 'same'));
      case 'dense':
        return this.#withBias(layer, tf.matMul(x, this.#part(layer, 'kernel')));
      case 'batch-normalization':
        return this.#normalize(layer, as4D(x), operation);
      default:
        return applyUntrained(layer, inputs);
    }
  }

  #normalize(
    layer: Layer,
    x: tf.Tensor4D,
    { momentum, epsilon }: Extract<LayerOperation, { kind: 'batch-normalization' }>,
  ): tf.Tensor {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const moving = required(this.#statistics.get(layer.name), layer.name);
    tf.tidy(() => {
      moving.mean.assign(moving.mean.mul(momentum).add(mean.mul(1 - momentum)));
      moving.variance.assign(moving.variance.mul(momentum).add(variance.mul(1 - momentum)));
    });
    return tf.batchNorm4d(
      x,
      mean.as1D(),
      variance.as1D(),
      this.#part(layer, 'offset').as1D(),
      this.#part(layer, 'scale').as1D(),
      epsilon,
    );
  }

  #withBias(layer: Layer, x: tf.Tensor): tf.Tensor {
    const bias = this.#variables.get(`${layer.name}/bias`);
    return bias === undefined ? x : tf.add(x, bias);
  }

  #kernel(layer: Layer): tf.Tensor4D {
    return as4D(this.#part(layer, 'kernel'));
  }

  #part(layer: Layer, part: string): tf.Variable {
    return required(this.#variables.get(`${layer.name}/${part}`), `${layer.name}/${part}`);
  }
}

/** A layer without trained variables. */
function applyUntrained({ name, operation }: Layer, inputs: readonly tf.Tensor[]): tf.Tensor {
  const x = required(inputs[0], name);
  switch (operation.kind) {
    case 'activation':
      return activations[operation.function](x);
    case 'channel-scaling':
      return tf.mul(x, required(inputs[1], name));
    case 'addition':
      return tf.add(x, required(inputs[1], name));
    case 'global-average-pooling':
      return tf.mean(x, [1, 2], operation.keepSpatial);
    case 'padded-shortcut':
      return paddedShortcut(as4D(x), pair(operation.strides), operation.filters);
    case 'max-pooling':
      return tf.maxPool(as4D(x), pair(operation.kernel), pair(operation.strides), 'same');
    default:
      throw new Error(`The benchmark has no ${operation.kind} in TensorFlow.js`);
  }
}

const activations: Readonly<Record<ActivationFunction, (x: tf.Tensor) => tf.Tensor>> = {
  swish: (x) => x.mul(tf.sigmoid(x)),
  relu: tf.relu,
  relu6: tf.relu6,
  sigmoid: tf.sigmoid,
  'hard-swish': (x) => x.mul(tf.relu6(x.add(3))).div(6),
  linear: (x) => x,
};

/**
 * Every stride-th position, with new channels of zeros, half of them on each side. TensorFlow.js has no gradient of a
 * strided slice; pooling over single positions takes the same ones.
 */
function paddedShortcut(x: tf.Tensor4D, strides: [number, number], filters: number): tf.Tensor4D {
  const added = filters - x.shape[3];
  const before = Math.floor(added / 2);
  const sampled = tf.avgPool(x, 1, strides, 'valid');
  return tf.pad4d(sampled, [
    [0, 0],
    [0, 0],
    [0, 0],
    [before, added - before],
  ]);
}

function as4D(x: tf.Tensor): tf.Tensor4D {
  if (x.rank !== 4) throw new Error(`A tensor of rank 4 is expected, not of ${x.rank}`);
  return x as tf.Tensor4D;
}

function pair(sides: readonly number[]): [number, number] {
  const [height = 1, width = 1] = sides;
  return [height, width];
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The network is inconsistent at ${what}`);
  return value;
}
