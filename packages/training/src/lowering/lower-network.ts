import {
  add,
  avgPool,
  biasAdd,
  cast,
  conv2d,
  depthwiseConv2d,
  fusedBatchNormInference,
  fusedBatchNormTraining,
  greaterEqual,
  hardSwish,
  matMul,
  maxPool,
  mean,
  mul,
  type Operation,
  pad,
  type Padding,
  relu,
  relu6,
  reshape,
  sigmoid,
  swish,
  type Tensor,
  type Variable,
} from '@compound-search/graph';
import {
  type ActivationFunction,
  type Layer,
  type LayerOperation,
  type Network,
  networkInput,
} from '@compound-search/networks';

import type { NetworkVariables, ReadableVariables } from './network-variables.ts';
import { planar } from './planar.ts';

/** What a training pass has beside an evaluation pass. */
export interface TrainingMode {
  /** A tensor of uniform random numbers in [0, 1), its stream named by the layer that draws. */
  readonly uniform: (stream: string, shape: readonly number[]) => Tensor;
}

/** Whose kernels normalize batches on the CPU: oneDNN's, or TensorFlow's where those are the faster ones. */
export type BatchNormalizationKernels = 'onednn' | 'tensorflow';

/** What a network's operations read, and in training change too: only variables can be trained. */
export type LoweringOptions = { readonly batchNormalization?: BatchNormalizationKernels } & (
  | { readonly variables: NetworkVariables; readonly training: TrainingMode | null }
  | { readonly variables: ReadableVariables; readonly training: null }
);

/** A network lowered for one batch. */
export interface LoweredNetwork {
  /** [batch, classes] */
  readonly logits: Tensor;
  /** Assignments of moving statistics; empty in evaluation. */
  readonly updates: readonly Operation[];
}

interface Lowering {
  readonly variables: ReadableVariables;
  readonly training: (TrainingMode & { readonly variables: NetworkVariables }) | null;
  readonly batchNormalization: BatchNormalizationKernels;
  readonly updates: Operation[];
}

/**
 * Lowers a two-dimensional network to operations on a batch of images [batch, height, width, channels].
 * In training, batch normalization uses the batch's statistics and dropout is active; in evaluation neither, and the
 * batch may be of unknown size.
 */
export function lowerNetwork(network: Network, images: Tensor, options: LoweringOptions): LoweredNetwork {
  const lowering: Lowering = {
    variables: options.variables,
    training: options.training === null ? null : { ...options.training, variables: options.variables },
    batchNormalization: options.batchNormalization ?? 'onednn',
    updates: [],
  };
  const outputs = new Map<string, Tensor>([[networkInput, images]]);
  let last = images;
  for (const layer of network.layers) {
    const inputs = layer.inputs.map((name) => required(outputs.get(name), `output of ${name}`));
    last = images.graph.scope(layer.name, () => lowerLayer(layer.operation, { layer, inputs, lowering }));
    outputs.set(layer.name, last);
  }
  return { logits: last, updates: lowering.updates };
}

type Kind = LayerOperation['kind'];
type OperationOf<K extends Kind> = Extract<LayerOperation, { readonly kind: K }>;

/** A layer being lowered: what comes in and what it may read. */
interface LayerContext {
  readonly layer: Layer;
  readonly inputs: readonly Tensor[];
  readonly lowering: Lowering;
}

type Lowerings = { readonly [K in Kind]: (context: LayerContext, operation: OperationOf<K>) => Tensor };

const lowerings: Lowerings = {
  convolution: (context, operation) =>
    isPointwise(operation) ? pointwiseConvolution(context) : spatialConvolution(context, operation),
  'depthwise-convolution': (context, { strides }) =>
    withBias(context, depthwiseConv2d(input(context), parameter(context, 'kernel'), { strides: planar(strides) })),
  dense: (context) => withBias(context, matMul(input(context), parameter(context, 'kernel'))),
  'batch-normalization': batchNormalization,
  activation: (context, operation) => activations[operation.function](input(context)),
  'max-pooling': (context, { kernel, strides }) =>
    maxPool(input(context), { size: planar(kernel), strides: planar(strides), padding: 'SAME' }),
  'global-average-pooling': (context, { keepSpatial }) => mean(input(context), { axes: [1, 2], keepDims: keepSpatial }),
  'channel-scaling': (context) => mul(input(context), input(context, 1)),
  addition: (context) => add(input(context), input(context, 1)),
  'padded-shortcut': (context, { strides, filters }) => paddedShortcut(input(context), planar(strides), filters),
  'stochastic-depth': (context, { rate }) => dropped(context, rate, [batchSize(context), 1, 1, 1]),
  dropout: (context, { rate }) => dropped(context, rate, input(context).shape),
};

const activations: Readonly<Record<ActivationFunction, (x: Tensor) => Tensor>> = {
  swish,
  relu,
  relu6,
  sigmoid,
  'hard-swish': hardSwish,
  linear: (x) => x,
};

function lowerLayer<K extends Kind>(operation: OperationOf<K>, context: LayerContext): Tensor {
  const kind: K = operation.kind;
  return lowerings[kind](context, operation);
}

function isPointwise({ kernel, strides, padding }: OperationOf<'convolution'>): boolean {
  return padding === undefined && [...kernel, ...strides].every((side) => side === 1);
}

function spatialConvolution(context: LayerContext, { strides, padding }: OperationOf<'convolution'>): Tensor {
  const options = { strides: planar(strides), padding: padding === undefined ? 'SAME' : bothSides(planar(padding)) };
  return withBias(context, conv2d(input(context), parameter(context, 'kernel'), options));
}

function bothSides([rows, columns]: readonly [number, number]): Padding {
  return [rows, rows, columns, columns];
}

/**
 * A 1 x 1 convolution as one product of all positions and the kernel. With it efficientnet-micro at (1.2, 1.1, 1.15)
 * trains 1.19 times the images per second of TensorFlow's own convolution on one thread (four runs of each in turn).
 */
function pointwiseConvolution(context: LayerContext): Tensor {
  const x = input(context);
  const kernel = parameter(context, 'kernel');
  const [channels = 0, filters = 0] = kernel.shape.slice(-2);
  const rows = reshape(x, [-1, channels]);
  return reshape(withBias(context, matMul(rows, reshape(kernel, [channels, filters]))), [
    ...x.shape.slice(0, -1),
    filters,
  ]);
}

function batchNormalization(
  context: LayerContext,
  { momentum, epsilon }: { readonly momentum: number; readonly epsilon: number },
): Tensor {
  const { training, updates } = context.lowering;
  const parameters = {
    scale: parameter(context, 'scale'),
    offset: parameter(context, 'offset'),
    mean: parameter(context, 'movingMean'),
    variance: parameter(context, 'movingVariance'),
    epsilon,
    withoutOneDnn:
      context.lowering.batchNormalization === 'tensorflow' && isSlowInOneDnn(input(context), training !== null),
  };
  if (training === null) return fusedBatchNormInference(input(context), parameters);
  const after = fusedBatchNormTraining(input(context), parameters, { exponentialAverageFactor: 1 - momentum });
  const variables = training.variables.get(context.layer.name);
  const moving = (part: string): Variable =>
    required(variables?.get(part), `${part} of ${context.layer.name}`).variable;
  updates.push(moving('movingMean').assign(after.mean), moving('movingVariance').assign(after.variance));
  return after.y;
}

/**
 * Where oneDNN's kernel for AVX2 takes longer than TensorFlow's: in training 1.2 to 2.5 times, in evaluation 1.9 to 16 times.
 * TensorFlow's goes over its input several times, so that in training it loses where that exceeds the caches (above 8 MiB).
 * Over 2 x 2 positions oneDNN's takes half the time, and with up to 24 channels the same.
 */
function isSlowInOneDnn({ shape }: Tensor, isTraining: boolean): boolean {
  const [batch = 0, height = 0, width = 0, channels = 0] = shape;
  if (channels <= 24 || height * width < 16) return false;
  return !isTraining || batch * height * width * channels <= 2 ** 21;
}

/** Drops parts of the input with `rate`, one draw per element of `drawn`, and scales what is kept by 1 / (1 - rate). */
function dropped(context: LayerContext, rate: number, drawn: readonly number[]): Tensor {
  const x = input(context);
  const { training } = context.lowering;
  if (training === null || rate === 0) return x;
  const kept = cast(greaterEqual(training.uniform(context.layer.name, drawn), rate), 'float32');
  return mul(x, mul(kept, 1 / (1 - rate)));
}

/**
 * Samples by pooling over single positions: the same values as a strided slice, in a twentieth of its time, which was
 * 4 to 6 % of a step of ResNet-20 (traces of both in turn).
 */
function paddedShortcut(x: Tensor, strides: readonly [number, number], filters: number): Tensor {
  const added = filters - (x.shape[3] ?? 0);
  const before = Math.floor(added / 2);
  const sampled = avgPool(x, { size: 1, strides });
  return pad(sampled, [
    [0, 0],
    [0, 0],
    [0, 0],
    [before, added - before],
  ]);
}

function withBias(context: LayerContext, x: Tensor): Tensor {
  const bias = context.lowering.variables.get(context.layer.name)?.get('bias');
  return bias === undefined ? x : biasAdd(x, bias.variable.read());
}

function input({ layer, inputs }: LayerContext, index = 0): Tensor {
  return required(inputs[index], `input ${index} of ${layer.name}`);
}

function batchSize(context: LayerContext): number {
  return required(input(context).shape[0], `batch of ${context.layer.name}`);
}

function parameter({ layer, lowering }: LayerContext, part: string): Tensor {
  return required(lowering.variables.get(layer.name)?.get(part), `${part} of ${layer.name}`).variable.read();
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The network is inconsistent: there is no ${what}`);
  return value;
}
