import type { Augmentation } from '@compound-search/contracts';
import {
  abs,
  add,
  batchMatMul,
  cast,
  constant,
  div,
  maximum,
  mul,
  relu,
  reshape,
  sub,
  sum,
  type Tensor,
  transpose,
} from '@compound-search/graph';

import type { ImageDraws } from './image-draws.ts';
import { pixelCentres } from './pixel-centres.ts';
import { drawRectangles, type Rectangles } from './rectangle.ts';

type ResizedCropRecipe = NonNullable<Augmentation['resizedCrop']>;

export function drawResizedCrop(
  draws: ImageDraws,
  { area, aspectRatio: [narrowest, widest] }: ResizedCropRecipe,
  size: readonly [height: number, width: number],
): Rectangles {
  // The recipe has width over height, as crops are described; a rectangle has height over width.
  return drawRectangles(draws, 'resizedCrop', { size, area, aspectRatio: [1 / widest, 1 / narrowest] });
}

/**
 * Resizes one rectangle of each image `[batch, height, width, channels]` to `size`, as float32. It is the resampling of
 * evaluation, the triangle kernel with half-pixel centres that widens when shrinking: `ScaleAndTranslate` takes one
 * rectangle for a whole batch, so that each image has its own two matrices of weights here, one per axis.
 */
export function resizeCrops(
  images: Tensor,
  { top, left, height, width }: Rectangles,
  size: readonly [height: number, width: number],
): Tensor {
  const [batch = 0, rows = 0, columns = 0, channels = 0] = images.shape;
  const [newRows, newColumns] = size;
  const vertical = resamplingWeights(top, height, { from: rows, to: newRows });
  const horizontal = resamplingWeights(left, width, { from: columns, to: newColumns });
  const pixels = reshape(cast(images, 'float32'), [batch, rows, columns * channels]);
  const resizedRows = reshape(batchMatMul(vertical, pixels), [batch, newRows, columns, channels]);
  const columnsFirst = reshape(transpose(resizedRows, [0, 2, 1, 3]), [batch, columns, newRows * channels]);
  const resized = reshape(batchMatMul(horizontal, columnsFirst), [batch, newColumns, newRows, channels]);
  return transpose(resized, [0, 2, 1, 3]);
}

/**
 * What each old pixel of an axis contributes to each new one, `[batch, to, from]`, where the new ones divide `length`
 * pixels from `start` on, both float32 [batch]. Each new pixel's weights sum to 1.
 */
function resamplingWeights(start: Tensor, length: Tensor, { from, to }: { from: number; to: number }): Tensor {
  const { graph } = start;
  const perImage = (tensor: Tensor): Tensor => reshape(tensor, [-1, 1, 1]);
  const scale = perImage(div(length, to));
  const newCentres = add(perImage(start), mul(constant(graph, pixelCentres(to), { shape: [1, to, 1] }), scale));
  const distance = abs(sub(newCentres, constant(graph, pixelCentres(from), { shape: [1, 1, from] })));
  const weights = relu(sub(1, div(distance, maximum(scale, 1))));
  return div(weights, sum(weights, { axes: [2], keepDims: true }));
}
