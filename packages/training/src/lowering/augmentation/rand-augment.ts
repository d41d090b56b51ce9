import type { Augmentation } from '@compound-search/contracts';
import { add, constant, gather, mul, type Tensor } from '@compound-search/graph';

import { changeColours } from './colour-operations.ts';
import { geometricTransforms, moveImages } from './geometric-operations.ts';
import type { ImageDraws } from './image-draws.ts';
import { randAugmentOperations } from './operation-names.ts';

/** What each image goes through in one round, int32 [batch]. */
export interface RandAugmentRound {
  /** Index into {@link randAugmentOperations}. */
  readonly operation: Tensor;
  /** 0 or 1: to which side an operation with two goes, such as turning left or right. */
  readonly direction: Tensor;
}

type RandAugmentRecipe = NonNullable<Augmentation['randAugment']>;

export function drawRandAugment(draws: ImageDraws, { operations }: RandAugmentRecipe): RandAugmentRound[] {
  return Array.from({ length: operations }, (_, round) => ({
    operation: draws.integers(`randAugment/${round}/operation`, { from: 0, below: randAugmentOperations.length }),
    direction: draws.integers(`randAugment/${round}/direction`, { from: 0, below: 2 }),
  }));
}

/**
 * RandAugment (Cubuk et al. 2020) on float32 images `[batch, height, width, channels]` of 0 to 255: in each round one
 * operation per image, all at one magnitude of 0 to 10. Nothing is rounded to bytes in between.
 *
 * No image goes through a branch of its own: moves are one resampling by a matrix per image, and changes of colour one
 * weighted sum per image and a choice of four other results. Both are looked up in tables that the magnitude fixes when the graph is
 * built. Whatever an image does not go through has the weights that leave it as it is, to the bit.
 */
export function applyRandAugment(images: Tensor, rounds: readonly RandAugmentRound[], magnitude: number): Tensor {
  const [, height = 0, width = 0] = images.shape;
  const transforms = geometricTransforms([height, width], magnitude).flat(2);
  const table = constant(images.graph, transforms, { shape: [transforms.length / 8, 8] });
  return rounds.reduce((before, round) => {
    const row = add(mul(round.operation, 2), round.direction);
    const moved = moveImages(before, gather(table, row));
    return changeColours(moved, { operation: round.operation, row, magnitude });
  }, images);
}
