import {
  add,
  cast,
  concat,
  constant,
  depthwiseConv2d,
  div,
  floor,
  gather,
  greaterEqual,
  matMul,
  max,
  maximum,
  mean,
  min,
  minimum,
  mul,
  pad,
  range,
  reshape,
  select,
  slice,
  sub,
  type Tensor,
  transpose,
} from '@compound-search/graph';

import { equalize } from './equalize.ts';
import { type RandAugmentOperation, randAugmentOperations } from './operation-names.ts';

/** How much of each part an image becomes: of itself, its grey, its grey's mean, its details, and white's 255. */
type Blend = readonly [self: number, grey: number, greyMean: number, details: number, white: number];

const unchanged: Blend = [1, 0, 0, 0, 0];

/** How an operation blends at a factor, where 1 leaves the image as it is. */
const blends: Readonly<Partial<Record<RandAugmentOperation, (factor: number) => Blend>>> = {
  color: (factor) => [factor, 1 - factor, 0, 0, 0],
  contrast: (factor) => [factor, 0, 1 - factor, 0, 0],
  brightness: (factor) => [factor, 0, 0, 0, 0],
  sharpness: (factor) => [1, 0, 0, factor - 1, 0],
  invert: () => [-1, 0, 0, 0, 1],
};

/** What is drawn for a round, and the magnitude of 0 to 10. */
export interface ColourChange {
  /** Index of the operation, int32 [batch]. */
  readonly operation: Tensor;
  /** Twice that, and one more in direction 1. */
  readonly row: Tensor;
  readonly magnitude: number;
}

/**
 * Changes the colours of float32 images `[batch, height, width, channels]` of 0 to 255, each by its operation; geometric
 * ones leave them alone.
 *
 * Levels follow tensorflow/tpu models/official/efficientnet/autoaugment.py, turned so that magnitude 0 changes nothing
 * and 10 is the most: `color`, `contrast`, `brightness` and `sharpness` blend by 1 - 0.09 M or 1 + 0.09 M (there by
 * 0.1 + 0.18 M, 1 being at 5); `posterize` drops 0.4 M of the 8 bits, rounded down (there it keeps that many); `solarize`
 * inverts from 256 - 25.6 M on (there from 25.6 M on). `autoContrast`, `equalize` and `invert` have no magnitude.
 */
export function changeColours(images: Tensor, { operation, row, magnitude }: ColourChange): Tensor {
  const strength = magnitude / 10;
  const [autoContrasted, equalized] = changeChannels(images, [autoContrast, equalize]);
  return pickImages(operation, blend(images, row, strength), {
    autoContrast: autoContrasted,
    equalize: equalized,
    posterize: posterize(images, Math.floor(4 * strength)),
    solarize: solarize(images, 256 * (1 - strength)),
  });
}

type Picks = Readonly<Partial<Record<RandAugmentOperation, Tensor>>>;

/**
 * Of each image the result of its operation, or that of all others. Copying whole images by their index takes a third of
 * the time of selecting by a condition, which TensorFlow spreads over all pixels first.
 */
function pickImages(operation: Tensor, others: Tensor, picks: Picks): Tensor {
  const { graph, shape } = others;
  const [batch = 0] = shape;
  const names = randAugmentOperations.filter((name) => picks[name] !== undefined);
  const stacked = concat([others, ...names.flatMap((name) => picks[name] ?? [])], 0);
  const firsts = randAugmentOperations.map((name) => (names.indexOf(name) + 1) * batch);
  const first = gather(constant(graph, firsts, { dtype: 'int32' }), operation);
  return gather(stacked, add(first, range(graph, batch)));
}

/** Changes images channel by channel: each function takes and gives float32 [batch x channels, pixels]. */
function changeChannels(images: Tensor, changes: readonly [Change, Change]): readonly [Tensor, Tensor] {
  const [batch = 0, height = 0, width = 0, count = 0] = images.shape;
  const channels = reshape(transpose(images, [0, 3, 1, 2]), [batch * count, height * width]);
  const [first, second] = changes;
  const back = (changed: Tensor): Tensor => transpose(reshape(changed, [batch, count, height, width]), [0, 2, 3, 1]);
  return [back(first(channels)), back(second(channels))];
}

type Change = (channels: Tensor) => Tensor;

function blend(images: Tensor, row: Tensor, strength: number): Tensor {
  const { graph } = images;
  const blendsOf = (name: RandAugmentOperation): readonly Blend[] => {
    const build = blends[name];
    return [-1, 1].map((direction) => build?.(1 + direction * 0.9 * strength) ?? unchanged);
  };
  const rows = randAugmentOperations.flatMap(blendsOf);
  const parts = gather(constant(graph, rows.flat(), { shape: [rows.length, unchanged.length] }), row);
  const part = (index: number): Tensor => reshape(slice(parts, [0, index], [images.shape[0] ?? 0, 1]), [-1, 1, 1, 1]);
  const greys = grey(images);
  const perImage = add(mul(mean(greys, { axes: [1, 2, 3], keepDims: true }), part(2)), mul(part(4), 255));
  const perPixel = add(mul(images, part(0)), mul(greys, part(1)));
  const sums = add(add(perPixel, mul(details(images), part(3))), perImage);
  return maximum(minimum(sums, 255), 0);
}

/** Luma of ITU-R 601 as Pillow has it, in every channel; the mean where there are no three channels. */
function grey(images: Tensor): Tensor {
  const channels = images.shape[3] ?? 0;
  if (channels === 1) return images;
  const weights = channels === 3 ? [0.299, 0.587, 0.114] : Array<number>(channels).fill(1 / channels);
  const toEvery = weights.flatMap((weight) => Array<number>(channels).fill(weight));
  const matrix = constant(images.graph, toEvery, { shape: [channels, channels] });
  return reshape(matMul(reshape(images, [-1, channels]), matrix), images.shape);
}

/**
 * What smoothing takes away: images less the mean of 3 x 3 pixels in which the middle counts five times; 0 at the border,
 * which Pillow's SMOOTH leaves alone.
 */
function details(images: Tensor): Tensor {
  const [, height = 0, width = 0, channels = 0] = images.shape;
  if (height < 3 || width < 3) return mul(images, 0);
  const kernel = [-1, -1, -1, -1, 8, -1, -1, -1, -1].flatMap((weight) => Array<number>(channels).fill(weight / 13));
  const filter = constant(images.graph, kernel, { shape: [3, 3, channels, 1] });
  const inside = depthwiseConv2d(images, filter, { padding: 'VALID' });
  const border = [1, 1] as const;
  return pad(inside, [[0, 0], border, border, [0, 0]]);
}

/** Stretches each row to 0 to 255; one whose values differ by less than 1 stays. */
function autoContrast(channels: Tensor): Tensor {
  const perRow = { axes: [1], keepDims: true };
  const lowest = min(channels, perRow);
  const spread = sub(max(channels, perRow), lowest);
  const stretches = greaterEqual(spread, 1);
  const stretch = select(stretches, div(255, maximum(spread, 1)), 1);
  return mul(sub(channels, select(stretches, lowest, 0)), stretch);
}

function posterize(images: Tensor, bits: number): Tensor {
  const step = 2 ** bits;
  return bits === 0 ? images : mul(floor(mul(images, 1 / step)), step);
}

/** x + 1 (255 - 2 x) from the threshold on, and x + 0 below. */
function solarize(images: Tensor, threshold: number): Tensor {
  const inverted = cast(greaterEqual(images, threshold), 'float32');
  return add(images, mul(inverted, sub(255, mul(images, 2))));
}
