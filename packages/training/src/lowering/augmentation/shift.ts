import type { Augmentation } from '@compound-search/contracts';
import { add, cast, constant, imageProjectiveTransform, mul, pack, sub, type Tensor } from '@compound-search/graph';

import type { ImageDraws } from './image-draws.ts';

/** How each image of a batch is mirrored and shifted, all int32 [batch]. */
export interface Shift {
  /** 1 where it is mirrored left to right, else 0. */
  readonly mirrored: Tensor;
  /** Row and column of the padded image that the cut-out starts at: 0 to twice the padding. */
  readonly top: Tensor;
  readonly left: Tensor;
}

type ShiftRecipe = Pick<Augmentation, 'horizontalFlip' | 'cropPadding'>;

export function drawShift(draws: ImageDraws, { horizontalFlip, cropPadding }: ShiftRecipe): Shift {
  const offset = { from: 0, below: 2 * cropPadding + 1 };
  return {
    mirrored: draws.integers('horizontalFlip', { from: 0, below: horizontalFlip ? 2 : 1 }),
    top: draws.integers('cropPadding/top', offset),
    left: draws.integers('cropPadding/left', offset),
  };
}

/**
 * Pads images `[batch, height, width, channels]` by black, cuts their old size out of that at each one's offset, and
 * mirrors what is to be mirrored (He et al. 2016, section 4.2). One operation does all: column x of the result is column
 * x + left - padding of the image, or that of width - 1 - x. The coordinates are whole numbers, so bytes stay as they are.
 */
export function shiftImages(images: Tensor, { mirrored, top, left }: Shift, cropPadding: number): Tensor {
  const [, , width = 0] = images.shape;
  const mirror = cast(mirrored, 'float32');
  const [down, right] = [top, left].map((offset) => sub(cast(offset, 'float32'), cropPadding)) as [Tensor, Tensor];
  const zero = mul(mirror, 0);
  const one = constant(images.graph, 1, { shape: mirror.shape });
  const direction = sub(1, mul(mirror, 2));
  const start = add(right, mul(mirror, width - 1));
  const rows = pack([direction, zero, start, zero, one, down, zero, zero], 1);
  return imageProjectiveTransform(images, rows, { interpolation: 'NEAREST' });
}
