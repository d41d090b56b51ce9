import {
  add,
  constant,
  depthwiseConv2d,
  div,
  equal,
  floor,
  gather,
  greaterEqual,
  less,
  max,
  maximum,
  mean,
  min,
  minimum,
  mul,
  reshape,
  select,
  slice,
  sub,
  sum,
  type Tensor,
} from '@compound-search/graph';

import { equalize } from './equalize.ts';
import { type RandAugmentOperation, randAugmentOperations } from './operation-names.ts';

/** How much of each part an image becomes: of itself, its grey, its grey's mean, its smoothed self, and white's 255. */
type Blend = readonly [self: number, grey: number, greyMean: number, smooth: number, white: number];

const unchanged: Blend = [1, 0, 0, 0, 0];

/** How an operation blends at a factor, where 1 leaves the image as it is. */
const blends: Readonly<Partial<Record<RandAugmentOperation, (factor: number) => Blend>>> = {
  color: (factor) => [factor, 1 - factor, 0, 0, 0],
  contrast: (factor) => [factor, 0, 1 - factor, 0, 0],
  brightness: (factor) => [factor, 0, 0, 0, 0],
  sharpness: (factor) => [factor, 0, 0, 1 - factor, 0],
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
  const blended = blend(images, row, strength);
  const changes: readonly (readonly [RandAugmentOperation, Tensor])[] = [
    ['autoContrast', autoContrast(images)],
    ['equalize', equalize(images)],
    ['posterize', posterize(images, Math.floor(4 * strength))],
    ['solarize', solarize(images, 256 * (1 - strength))],
  ];
  return changes.reduce((others, [name, changed]) => {
    const chosen = equal(operation, constant(images.graph, randAugmentOperations.indexOf(name), { dtype: 'int32' }));
    return select(reshape(chosen, [-1, 1, 1, 1]), changed, others);
  }, blended);
}

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
  const ofGrey = add(mul(greys, part(1)), mul(mean(greys, { axes: [1, 2], keepDims: true }), part(2)));
  const perPixel = add(ofGrey, mul(part(4), 255));
  const sums = add(add(mul(images, part(0)), mul(smooth(images), part(3))), perPixel);
  return maximum(minimum(sums, 255), 0);
}

/** Luma of ITU-R 601 as Pillow has it, [batch, height, width, 1]; the mean where there are no three channels. */
function grey(images: Tensor): Tensor {
  const channels = images.shape[3] ?? 0;
  if (channels === 1) return images;
  if (channels !== 3) return mean(images, { axes: [3], keepDims: true });
  return sum(mul(images, constant(images.graph, [0.299, 0.587, 0.114])), { axes: [3], keepDims: true });
}

/** The mean of 3 x 3 pixels in which the middle counts five times; the border stays, as in Pillow's SMOOTH. */
function smooth(images: Tensor): Tensor {
  const [, height = 0, width = 0, channels = 0] = images.shape;
  const weights = [1, 1, 1, 1, 5, 1, 1, 1, 1].flatMap((weight) => Array<number>(channels).fill(weight / 13));
  const inside = (row: number, column: number): boolean =>
    row > 0 && row < height - 1 && column > 0 && column < width - 1;
  const mask = Array.from({ length: height * width }, (_, at) => inside(Math.floor(at / width), at % width));
  return select(
    constant(images.graph, mask, { dtype: 'bool', shape: [1, height, width, 1] }),
    depthwiseConv2d(images, constant(images.graph, weights, { shape: [3, 3, channels, 1] })),
    images,
  );
}

/** Stretches each channel of each image to 0 to 255; one whose values differ by less than 1 stays. */
function autoContrast(images: Tensor): Tensor {
  const perChannel = { axes: [1, 2], keepDims: true };
  const lowest = min(images, perChannel);
  const spread = sub(max(images, perChannel), lowest);
  const stretch = div(255, maximum(spread, 1));
  return select(greaterEqual(spread, 1), mul(sub(images, lowest), stretch), images);
}

function posterize(images: Tensor, bits: number): Tensor {
  const step = 2 ** bits;
  return bits === 0 ? images : mul(floor(div(images, step)), step);
}

function solarize(images: Tensor, threshold: number): Tensor {
  return select(less(images, threshold), images, sub(255, images));
}
