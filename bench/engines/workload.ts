import { recipeSchema } from '@compound-search/contracts';
import { loadDataset } from '@compound-search/datasets';
import { buildNetwork, candidateArchitecture, type Network } from '@compound-search/networks';
import { randomStream, shuffle } from '@compound-search/random';

import { drawInitialWeights } from './initial-weights.ts';
import { type Job, type JobArrays } from './job.ts';

/** A network on images of its own size, so that no engine resizes. */
export interface Workload {
  readonly name: string;
  readonly baseline: string;
  readonly multipliers: { readonly depth: number; readonly width: number; readonly resolution: number };
  /** Sides of the images, at least the 28 of a digit, and their channels. */
  readonly side: number;
  readonly channels: number;
  /**
   * Largest relative difference of the first losses between two engines, by step. The first is the same arithmetic in
   * another order; every update then enlarges the difference, and PyTorch adds epsilon outside of the root, which moves a
   * step by 5e-4 of itself.
   */
  readonly tolerances: readonly number[];
}

/** For shallow networks (the third losses of ResNet-20 are 2e-3 apart). */
const shallow = [1e-4, 1e-3, 1e-2];
/**
 * Batch normalization at the start of a training enlarges a difference with every layer (by 1.2 on average behind ReLU:
 * Yang et al., A Mean Field Theory of Batch Normalization, 2019), in the forward and in the backward pass. One thread or two
 * in the same engine put the first loss of EfficientNet-B0 5e-5 apart, of MobileNetV2 3e-4, and its
 * third loss 5e-2; eager TensorFlow.js and the graph put the first of MobileNetV2 3e-3 apart at a batch of 128.
 */
const deepSwish = [5e-4, 5e-3, 2e-2];
const deepRelu = [1e-2, 0.2, 0.4];

const asDescribed = { depth: 1, width: 1, resolution: 1 };
const colours = { side: 32, channels: 3 };

/** The small networks of 32 x 32 colours that speed is promised for. */
export const workloads: readonly Workload[] = [
  {
    name: 'efficientnet-micro',
    baseline: 'efficientnet-micro',
    multipliers: { ...asDescribed, resolution: 1.6 },
    ...colours,
    tolerances: shallow,
  },
  {
    name: 'mobilenet-v2',
    baseline: 'mobilenet-v2-cifar',
    multipliers: asDescribed,
    ...colours,
    tolerances: deepRelu,
  },
  { name: 'resnet-20', baseline: 'resnet-20', multipliers: asDescribed, ...colours, tolerances: shallow },
  {
    name: 'efficientnet-b0',
    baseline: 'efficientnet-b0-cifar',
    multipliers: asDescribed,
    ...colours,
    tolerances: deepSwish,
  },
];

/**
 * The network that a search on MNIST trains most: the micro baseline scaled by the paper's alpha and beta and by the
 * gamma that reaches the digits' 28 pixels.
 */
export const digitsWorkload: Workload = {
  name: 'efficientnet-micro-digits',
  baseline: 'efficientnet-micro',
  multipliers: { depth: 1.2, width: 1.1, resolution: 1.4 },
  side: 28,
  channels: 1,
  tolerances: shallow,
};

/** What may be chosen beside the workload. */
export interface JobOptions {
  readonly batchSize: number;
  readonly warmupSteps: number;
  readonly warmupSeconds: number;
}

const images = 2048;
const digitSide = 28;
const classes = 10;

/** The network, recipe, data and initial weights of a workload. */
export async function prepareJob(
  workload: Workload,
  { batchSize, ...warmup }: JobOptions,
): Promise<{ job: Job; arrays: JobArrays }> {
  // No dropout: every engine draws from a generator of its own, and their losses could not be compared.
  const recipe = recipeSchema.parse({
    batchSize,
    // Low enough for the losses of all networks to fall from the first steps on.
    learningRate: 0.0005,
    warmupEpochs: 0,
    learningRateDecay: 1,
    dropout: 0,
    stochasticDepth: 0,
  });
  const { baseline, multipliers, channels } = workload;
  const network = buildNetwork(candidateArchitecture({ baseline, multipliers, channels, classes, recipe }));
  requireSide(workload, network);
  const { train } = await loadDataset('mnist');
  const weights = drawInitialWeights(network, 1);
  const order = shuffle(
    Int32Array.from({ length: images }, (_, index) => index),
    randomStream(1, 'batches'),
  );
  const batches = Math.floor(images / batchSize);
  let offset = 0;
  return {
    job: {
      network,
      recipe,
      count: images,
      batches,
      agreementSteps: workload.tolerances.length,
      ...warmup,
      weights: weights.map(({ name, shape, values }) => {
        offset += values.length;
        return { name, shape: [...shape], offset: offset - values.length };
      }),
    },
    arrays: {
      images: paint(train.images, workload),
      labels: Int32Array.from(train.labels.subarray(0, images)),
      batches: order.slice(0, batches * batchSize),
      weights: concatenated(weights.map(({ values }) => values)),
    },
  };
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const part of parts) {
    all.set(part, position);
    position += part.length;
  }
  return all;
}

function requireSide({ name, side }: Workload, { input }: Network): void {
  if (input.spatial.every((size) => size === side)) return;
  throw new Error(`The network of ${name} takes images of ${input.spatial.join(' x ')} pixels, not of ${side}`);
}

/** Digits in the middle of larger images, in colours that differ by channel. */
function paint(digits: Uint8Array, { side, channels }: Workload): Uint8Array {
  const painted = new Uint8Array(images * side * side * channels);
  const margin = Math.floor((side - digitSide) / 2);
  for (let pixel = 0; pixel < images * digitSide * digitSide; pixel += 1) {
    const image = Math.floor(pixel / (digitSide * digitSide));
    const row = Math.floor(pixel / digitSide) % digitSide;
    const column = pixel % digitSide;
    const place = ((image * side + row + margin) * side + column + margin) * channels;
    for (let channel = 0; channel < channels; channel += 1)
      painted[place + channel] = (digits[pixel] ?? 0) / (channel + 1);
  }
  return painted;
}
