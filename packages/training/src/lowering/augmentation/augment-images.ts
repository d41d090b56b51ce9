import type { Augmentation } from '@compound-search/contracts';
import type { Tensor } from '@compound-search/graph';

import { normalizePixels, resizePixels } from '../pixels.ts';
import type { ImageDraws } from './image-draws.ts';
import { applyRandAugment, drawRandAugment } from './rand-augment.ts';
import { drawErasing, eraseRectangles } from './random-erasing.ts';
import { drawResizedCrop, resizeCrops } from './resized-crop.ts';
import { drawShift, shiftImages } from './shift.ts';

/** How a batch becomes the input of a training step. */
export interface AugmentationOptions {
  readonly augmentation: Augmentation;
  /** Of the network's input, in pixels. */
  readonly size: readonly [height: number, width: number];
  readonly draws: ImageDraws;
}

/**
 * uint8 images [batch, height, width, channels] as float32 of -1 to 1 in the network's input size, changed by what the
 * recipe asks for, in this order: flip and crop with padding in the data's own pixels, one resizing (of a random crop),
 * RandAugment, random erasing. Without any of them the graph is that of evaluation.
 */
export function augmentImages(pixels: Tensor, { augmentation, size, draws }: AugmentationOptions): Tensor {
  const { randAugment, randomErasing } = augmentation;
  const sized = resize(shift(pixels, augmentation, draws), { augmentation, size, draws });
  const changed =
    randAugment === undefined
      ? sized
      : applyRandAugment(sized, drawRandAugment(draws, randAugment), randAugment.magnitude);
  const images = normalizePixels(changed);
  return randomErasing === undefined
    ? images
    : eraseRectangles(images, drawErasing(draws, randomErasing, images.shape));
}

function shift(pixels: Tensor, augmentation: Augmentation, draws: ImageDraws): Tensor {
  const { horizontalFlip, cropPadding } = augmentation;
  if (!horizontalFlip && cropPadding === 0) return pixels;
  return shiftImages(pixels, drawShift(draws, augmentation), cropPadding);
}

function resize(pixels: Tensor, { augmentation: { resizedCrop }, size, draws }: AugmentationOptions): Tensor {
  const [, height = 0, width = 0] = pixels.shape;
  if (resizedCrop === undefined) return resizePixels(pixels, size);
  return resizeCrops(pixels, drawResizedCrop(draws, resizedCrop, [height, width]), size);
}
