import { GraphError } from '../../graph/graph-error.ts';
import { checkType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { formatShape, sameShape, shape4 } from '../../graph/shape.ts';
import { constant } from '../array/constant.ts';

const type = 'ImageProjectiveTransformV3';

/** How transformed images are sampled. */
export interface ImageTransformOptions {
  /** Height and width of the result. Default: those of the images. */
  readonly size?: readonly [height: number, width: number];
  /** The nearest pixel, or between the four around a point. @defaultValue BILINEAR */
  readonly interpolation?: 'NEAREST' | 'BILINEAR';
  /** What every pixel outside of the image counts as. @defaultValue 0 */
  readonly fill?: number;
}

/**
 * Images `[batch, height, width, channels]` seen through one projective map each, in their own type. A row
 * `[a0, a1, a2, b0, b1, b2, c0, c1]` of `transforms`, float32 `[batch, 8]`, takes the result's pixel (x, y) from the
 * images' ((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k) with k = c0 x + c1 y + 1; pixel centres are whole numbers.
 * Not differentiable.
 */
export function imageProjectiveTransform(
  images: Tensor,
  transforms: Tensor,
  options: ImageTransformOptions = {},
): Tensor {
  const { interpolation = 'BILINEAR', fill = 0 } = options;
  const [batch, height, width, channels] = shape4(type, 'the images', images.shape);
  const size = options.size ?? [height, width];
  checkType(type, 'the images', images, ['uint8', 'int32', 'int64', 'half', 'bfloat16', 'float32', 'float64']);
  checkType(type, 'the transforms', transforms, ['float32']);
  if (!sameShape(transforms.shape, [batch, 8])) {
    const shapes = `${formatShape(transforms.shape)} for ${batch} images`;
    throw new GraphError(type, `there must be one row of 8 numbers per image; the shape is ${shapes}`);
  }
  const { graph } = images;
  return graph.addTensor({
    type,
    inputs: [images, transforms, constant(graph, size, { dtype: 'int32' }), constant(graph, fill)],
    attributes: {
      dtype: { type: images.dtype },
      interpolation: { string: interpolation },
      fill_mode: { string: 'CONSTANT' },
    },
    outputs: [{ dtype: images.dtype, shape: [batch, ...size, channels] }],
  });
}
