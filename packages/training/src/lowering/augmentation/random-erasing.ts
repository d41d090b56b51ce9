import type { Augmentation } from '@compound-search/contracts';
import {
  add,
  constant,
  greaterEqual,
  less,
  logicalAnd,
  reshape,
  select,
  type Shape,
  type Tensor,
} from '@compound-search/graph';

import type { ImageDraws } from './image-draws.ts';
import { pixelCentres } from './pixel-centres.ts';
import { drawRectangles, type Rectangles } from './rectangle.ts';

/** What is erased of each image of a batch. */
export interface Erasing extends Rectangles {
  /** Whether anything is, bool [batch]. */
  readonly erased: Tensor;
  /** What replaces it, float32 [batch, height, width, channels], -1 to 1. */
  readonly noise: Tensor;
}

type ErasingRecipe = NonNullable<Augmentation['randomErasing']>;

/** Draws for images of `shape` [batch, height, width, channels]; the noise is even over all pixel values (Zhong et al. 2020). */
export function drawErasing(draws: ImageDraws, recipe: ErasingRecipe, shape: Shape): Erasing {
  const [, height = 0, width = 0] = shape;
  const { probability, area, aspectRatio } = recipe;
  return {
    erased: less(draws.uniform('randomErasing', { from: 0, to: 1 }), probability),
    ...drawRectangles(draws, 'randomErasing', { size: [height, width], area, aspectRatio }),
    noise: draws.uniform('randomErasing/noise', { from: -1, to: 1, shape }),
  };
}

/** Replaces the pixels whose centres lie in the rectangles by noise, in images of -1 to 1. */
export function eraseRectangles(images: Tensor, { erased, noise, ...rectangles }: Erasing): Tensor {
  const [, height = 0, width = 0] = images.shape;
  const { graph } = images;
  const rows = within(constant(graph, pixelCentres(height), { shape: [1, height, 1, 1] }), {
    from: rectangles.top,
    length: rectangles.height,
  });
  const columns = within(constant(graph, pixelCentres(width), { shape: [1, 1, width, 1] }), {
    from: rectangles.left,
    length: rectangles.width,
  });
  const inside = logicalAnd(logicalAnd(rows, columns), perImage(erased));
  return select(inside, noise, images);
}

function within(centres: Tensor, { from, length }: { readonly from: Tensor; readonly length: Tensor }): Tensor {
  return logicalAnd(greaterEqual(centres, perImage(from)), less(centres, perImage(add(from, length))));
}

function perImage(tensor: Tensor): Tensor {
  return reshape(tensor, [-1, 1, 1, 1]);
}
