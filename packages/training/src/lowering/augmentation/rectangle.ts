import { add, div, exp, log, maximum, minimum, mul, sqrt, sub, type Tensor } from '@compound-search/graph';

import type { ImageDraws } from './image-draws.ts';

/** One rectangle in each image of a batch, in pixels, all float32 [batch]. */
export interface Rectangles {
  readonly top: Tensor;
  readonly left: Tensor;
  readonly height: Tensor;
  readonly width: Tensor;
}

/** What rectangles are drawn from. */
export interface RectangleBounds {
  /** Of the images, in pixels. */
  readonly size: readonly [height: number, width: number];
  /** Shares of the image's area, drawn evenly. */
  readonly area: readonly [least: number, most: number];
  /** Height over width, its logarithm drawn evenly. */
  readonly aspectRatio: readonly [least: number, most: number];
}

/**
 * Draws a rectangle for each image: its area, then one of the aspect ratios at which that area fits into the image, then
 * its place. This is what drawing until it fits comes to (Szegedy et al. 2015; Zhong et al. 2020, algorithm 1), but for
 * the areas, which stay even. Where no allowed ratio fits, the nearest one is taken and the area shrinks.
 */
export function drawRectangles(draws: ImageDraws, stream: string, { size, ...bounds }: RectangleBounds): Rectangles {
  const [height, width] = size;
  const share = draws.uniform(`${stream}/area`, between(bounds.area));
  const ratio = drawRatio(draws, stream, { share, whole: height / width, aspectRatio: bounds.aspectRatio });
  const wanted = sqrt(mul(mul(share, height * width), ratio));
  const wantedWidth = div(wanted, ratio);
  const shrink = minimum(minimum(div(height, wanted), div(width, wantedWidth)), 1);
  const rectangle = { height: mul(wanted, shrink), width: mul(wantedWidth, shrink) };
  const placed = (axis: string, room: Tensor): Tensor =>
    mul(draws.uniform(`${stream}/${axis}`, { from: 0, to: 1 }), room);
  return {
    ...rectangle,
    top: placed('top', sub(height, rectangle.height)),
    left: placed('left', sub(width, rectangle.width)),
  };
}

interface RatioBounds {
  /** The area's share, float32 [batch]. */
  readonly share: Tensor;
  /** The image's own ratio. */
  readonly whole: number;
  readonly aspectRatio: RectangleBounds['aspectRatio'];
}

/** A share s of an image with ratio q fits at ratios from s q (as wide as the image) to q / s (as high as the image). */
function drawRatio(draws: ImageDraws, stream: string, { share, whole, aspectRatio }: RatioBounds): Tensor {
  const [least, most] = aspectRatio;
  const lowest = log(minimum(maximum(mul(share, whole), least), most));
  const highest = log(maximum(minimum(div(whole, share), most), least));
  const where = draws.uniform(`${stream}/aspectRatio`, { from: 0, to: 1 });
  return exp(add(lowest, mul(where, sub(highest, lowest))));
}

function between([from, to]: readonly [number, number]): { readonly from: number; readonly to: number } {
  return { from, to };
}
