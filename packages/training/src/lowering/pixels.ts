import { cast, div, resizeBilinear, sub, type Tensor } from '@compound-search/graph';

/**
 * Bytes [batch, height, width, channels] as float32 of 0 to 255 in another size: bilinear, half-pixel centres,
 * antialiased when shrinking.
 */
export function resizePixels(pixels: Tensor, size: readonly [height: number, width: number]): Tensor {
  const [, height, width] = pixels.shape;
  return height === size[0] && width === size[1] ? cast(pixels, 'float32') : resizeBilinear(pixels, size);
}

/** Pixels of 0 to 255 as -1 to 1, which is what a network takes. */
export function normalizePixels(pixels: Tensor): Tensor {
  return sub(div(pixels, 127.5), 1);
}
