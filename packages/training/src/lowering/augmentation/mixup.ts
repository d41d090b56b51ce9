import {
  add,
  constant,
  floorMod,
  gather,
  greaterEqual,
  log,
  mul,
  range,
  reshape,
  select,
  type Shape,
  sigmoid,
  sub,
  type Tensor,
} from '@compound-search/graph';

import type { ImageDraws } from './image-draws.ts';

/** How each image of a batch is mixed. */
export interface Mixing {
  /** Share of the image itself, float32 [batch], 0 to 1. */
  readonly share: Tensor;
  /** Index of the other image in the batch, int32 [batch]. */
  readonly partner: Tensor;
}

/**
 * Draws a share of Beta(alpha, alpha) and another image of the batch for each image (Zhang et al. 2018, section 2).
 *
 * The share is G / (G + H) with G and H of Gamma(alpha). For an alpha as small as 0.01 most of those are too small for
 * float32, and their quotient is 0 / 0; so it is taken from their logarithms, where Gamma(alpha) is
 * Gamma(alpha + 1) U^(1 / alpha) with U even over (0, 1] (Stuart's theorem; Marsaglia & Tsang 2000, section 6).
 */
export function drawMixing(draws: ImageDraws, alpha: number): Mixing {
  const { batch } = draws;
  const distance = draws.integers('mixup/partner', { from: 1, below: batch });
  const images = range(distance.graph, batch);
  const count = constant(distance.graph, batch, { dtype: 'int32' });
  const share = sigmoid(sub(drawLogGamma(draws, 'mixup/self', alpha), drawLogGamma(draws, 'mixup/other', alpha)));
  return { share, partner: floorMod(add(images, distance), count) };
}

/** The logarithm of draws of Gamma(alpha), float32 [batch]. */
function drawLogGamma(draws: ImageDraws, stream: string, alpha: number): Tensor {
  // 1 - U for U in [0, 1), so that the logarithm is finite.
  const even = sub(1, draws.uniform(`${stream}/even`, { from: 0, to: 1 }));
  return add(log(draws.gamma(`${stream}/gamma`, alpha + 1)), mul(log(even), 1 / alpha));
}

/** float32 [batch, ...]: each row's share of itself and the rest of its partner's. */
export function mixRows(rows: Tensor, { share, partner }: Mixing): Tensor {
  const shape: Shape = rows.shape.map((_, axis) => (axis === 0 ? -1 : 1));
  const own = reshape(share, shape);
  return add(mul(rows, own), mul(gather(rows, partner), sub(1, own)));
}

/** int32 [batch]: of each image's two labels the one with the larger share. */
export function heavierLabels(labels: Tensor, { share, partner }: Mixing): Tensor {
  return select(greaterEqual(share, 0.5), labels, gather(labels, partner));
}
