import { cast, Graph, placeholder, type Tensor } from '@compound-search/graph';

import { type ImageDraws, imageDraws } from '../../../src/lowering/augmentation/image-draws.ts';
import { randomStreams } from '../../../src/lowering/random-streams.ts';
import type { Elements } from '../../../src/tensorflow/session.ts';
import { runSignature } from '../run-signature.ts';

/** Height, width and channels. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** What a test's graph is built from. */
export interface AugmentationInputs {
  /** [batch, height, width, channels] of the type that the run names. */
  readonly images: Tensor;
  readonly draws: ImageDraws;
}

export interface AugmentationRun {
  readonly images: Uint8Array | Float32Array;
  readonly shape: ImageShape;
  /** One run of the graph for each. @defaultValue [[1, 0]] */
  readonly seedsAndSteps?: readonly (readonly [seed: number, step: number])[];
}

/** What a run gave, by name. */
export type Outputs = Readonly<Record<string, Elements>>;

/** Builds a graph over images and their draws, and runs it once per seed and step. */
export async function runAugmentation(
  { images, shape, seedsAndSteps = [[1, 0]] }: AugmentationRun,
  build: (inputs: AugmentationInputs) => Readonly<Record<string, Tensor>>,
): Promise<Outputs[]> {
  const graph = new Graph();
  const batch = images.length / shape.reduce((product, side) => product * side, 1);
  const dtype = images instanceof Uint8Array ? 'uint8' : 'float32';
  const inputs = {
    images: placeholder(graph, 'images', { dtype, shape: [batch, ...shape] }),
    seed: placeholder(graph, 'seed', { dtype: 'int32', shape: [] }),
    step: placeholder(graph, 'step', { dtype: 'int32', shape: [] }),
  };
  const draws = imageDraws(randomStreams(inputs.seed, inputs.step), batch);
  // The addon hands out no bytes.
  const outputs = Object.fromEntries(
    Object.entries(build({ images: inputs.images, draws })).map(([name, tensor]) => [
      name,
      tensor.dtype === 'uint8' ? cast(tensor, 'int32') : tensor,
    ]),
  );
  const fed = seedsAndSteps.map(([seed, step]) => ({ images, seed: Int32Array.of(seed), step: Int32Array.of(step) }));
  return runSignature(graph, { inputs, outputs }, fed);
}

/** An output that must be there. */
export function output(outputs: Outputs | undefined, name: string): Elements {
  const elements = outputs?.[name];
  if (elements === undefined) throw new Error(`There is no output ${name}`);
  return elements;
}

/** An element that must be there. */
export function at(elements: ArrayLike<number>, index: number): number {
  const element = elements[index];
  if (element === undefined) throw new Error(`There is no element ${index} of ${elements.length}`);
  return element;
}

/** Bytes that look like noise, the same for the same seed (a linear congruential generator). */
export function noiseBytes(count: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

/** Image `index` of a batch as a function of row, column and channel. */
export function imageOf(elements: ArrayLike<number>, [height, width, channels]: ImageShape, index: number): Image {
  const start = index * height * width * channels;
  return {
    height,
    width,
    channels,
    at: (row, column, channel) => at(elements, start + (row * width + column) * channels + channel),
  };
}

/** An image as tests compute with it. */
export interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly at: (row: number, column: number, channel: number) => number;
}

/** Every value of an image in row-major order. */
export function elementsOf({ height, width, channels, at: value }: Image): number[] {
  return Array.from({ length: height * width * channels }, (_, position) => {
    const pixel = Math.floor(position / channels);
    return value(Math.floor(pixel / width), pixel % width, position % channels);
  });
}

/** The largest difference between two images of one size. */
export function largestDifference(a: Image, b: Image): number {
  const others = elementsOf(b);
  return Math.max(...elementsOf(a).map((value, position) => Math.abs(value - at(others, position))));
}
