import { imageProjectiveTransform, type Tensor } from '@compound-search/graph';

import { type RandAugmentOperation, randAugmentOperations } from './operation-names.ts';

/** Most of a turn, in degrees. */
const mostDegrees = 30;

/** Most of a shear: so many pixels to the side per pixel. */
const mostShear = 0.3;

/** Most of a shift as a share of the side: 100 pixels of 224, the input that the source's number is for. */
const mostShift = 100 / 224;

/** What an image's surroundings count as, of 0 to 255. */
const surroundings = 128;

/** A row of `imageProjectiveTransform` without a projective part. */
type Affine = readonly [a0: number, a1: number, a2: number, b0: number, b1: number, b2: number, c0: 0, c1: 0];

const unmoved: Affine = [1, 0, 0, 0, 1, 0, 0, 0];

/** Moves float32 images of 0 to 255, each by its row of {@link geometricTransforms}, float32 [batch, 8]. */
export function moveImages(images: Tensor, transforms: Tensor): Tensor {
  return imageProjectiveTransform(images, transforms, { fill: surroundings });
}

/**
 * Where each operation's pixels come from, in the order of the operations: in direction 0 and in direction 1. Levels are
 * those of tensorflow/tpu models/official/efficientnet/autoaugment.py, as is the grey of 128; pixels between pixels are
 * bilinear here and the nearest there. At magnitude 0 nothing moves.
 */
export function geometricTransforms(
  size: readonly [height: number, width: number],
  magnitude: number,
): (readonly [Affine, Affine])[] {
  const strength = magnitude / 10;
  return randAugmentOperations.map((operation) => {
    const move = moves[operation];
    return move === undefined ? [unmoved, unmoved] : [move(strength, size), move(-strength, size)];
  });
}

type Move = (strength: number, size: readonly [height: number, width: number]) => Affine;

const moves: Readonly<Partial<Record<RandAugmentOperation, Move>>> = {
  /** About the middle of the image. */
  rotate: (strength, [height, width]) => {
    const angle = (strength * mostDegrees * Math.PI) / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const [x, y] = [(width - 1) / 2, (height - 1) / 2];
    return [cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y, 0, 0];
  },
  /** The upper row stays. */
  shearX: (strength) => [1, strength * mostShear, 0, 0, 1, 0, 0, 0],
  /** The left column stays. */
  shearY: (strength) => [1, 0, 0, strength * mostShear, 1, 0, 0, 0],
  translateX: (strength, [, width]) => [1, 0, strength * mostShift * width, 0, 1, 0, 0, 0],
  translateY: (strength, [height]) => [1, 0, 0, 0, 1, strength * mostShift * height, 0, 0],
};
