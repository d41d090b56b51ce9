import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import { checkType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { formatShape, sameShape, shape4 } from '../../graph/shape.ts';
import { constant } from '../array/constant.ts';

/** How images are resampled. */
export interface ScaleAndTranslateOptions {
  /** Height and width of the result. */
  readonly size: readonly [height: number, width: number];
  /** New pixels per old pixel, vertically and horizontally; a float32 tensor `[2]` where it is computed. */
  readonly scale: readonly [vertical: number, horizontal: number] | Tensor;
  /** Shift of the scaled image in new pixels, down and to the right; a float32 tensor `[2]` where it is computed. */
  readonly translation?: readonly [vertical: number, horizontal: number] | Tensor;
  /** Whether shrinking averages over all pixels that a new pixel covers. @defaultValue true */
  readonly antialias?: boolean;
}

/**
 * Images `[batch, height, width, channels]` of any numeric type scaled and shifted, as float32: bilinear (the triangle
 * kernel), with pixel centres at half coordinates. What falls outside of the image is 0.
 */
export function scaleAndTranslate(images: Tensor, options: ScaleAndTranslateOptions): Tensor {
  const { size, scale, translation = [0, 0], antialias = true } = options;
  const [batch, , , channels] = shape4('ScaleAndTranslate', 'the images', images.shape);
  return images.graph.addTensor({
    type: 'ScaleAndTranslate',
    inputs: [
      images,
      constant(images.graph, size, { dtype: 'int32' }),
      toVector(images, 'scale', scale),
      toVector(images, 'translation', translation),
    ],
    attributes: { T: { type: images.dtype }, kernel_type: { string: 'triangle' }, antialias: { bool: antialias } },
    outputs: [{ dtype: 'float32', shape: [batch, ...size, channels] }],
  });
}

/**
 * Images `[batch, height, width, channels]` of any numeric type resized to `size`, as float32: bilinear, with pixel
 * centres at half coordinates, antialiased when shrinking unless that is switched off.
 */
export function resizeBilinear(
  images: Tensor,
  size: readonly [height: number, width: number],
  options: { readonly antialias?: boolean } = {},
): Tensor {
  const [, height, width] = shape4('ScaleAndTranslate', 'the images', images.shape);
  return scaleAndTranslate(images, { ...options, size, scale: [size[0] / height, size[1] / width] });
}

/** TensorFlow has the gradient with respect to float32 images as one operation. */
export const scaleAndTranslateGradient: GradientRule = (step) => [
  () => {
    const images = step.input(0);
    return images.graph.addTensor({
      type: 'ScaleAndTranslateGrad',
      inputs: [step.gradient, images, step.input(2), step.input(3)],
      attributes: step.operation.attributes,
      outputs: [{ dtype: images.dtype, shape: images.shape }],
    });
  },
  undefined,
  undefined,
  undefined,
];

function toVector(images: Tensor, what: string, pair: readonly [number, number] | Tensor): Tensor {
  if (!('graph' in pair)) return constant(images.graph, pair);
  checkType('ScaleAndTranslate', what, pair, ['float32']);
  if (!sameShape(pair.shape, [2])) {
    throw new GraphError('ScaleAndTranslate', `${what} must have shape [2]; its shape is ${formatShape(pair.shape)}`);
  }
  return pair;
}
