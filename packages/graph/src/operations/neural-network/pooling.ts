import type { Tensor } from '../../graph/operation.ts';
import { shape4 } from '../../graph/shape.ts';
import { type Padding, paddingAttributes, type Pair, spatial, toPair, windowOutput } from './window.ts';

/** How a pooling window moves over images. */
export interface PoolingOptions {
  readonly size: Pair;
  /** Default: the size. */
  readonly strides?: Pair;
  /** @defaultValue VALID */
  readonly padding?: Padding;
}

/** Pools images `[batch, height, width, channels]` with the operation `MaxPool` or `AvgPool`. */
export function pooling(type: string, images: Tensor, options: PoolingOptions): Tensor {
  const [batch, height, width, channels] = shape4(type, 'the input', images.shape);
  const size = toPair(options.size);
  const window = {
    size,
    strides: toPair(options.strides ?? size),
    padding: options.padding ?? 'VALID',
  };
  return images.graph.addTensor({
    type,
    inputs: [images],
    attributes: {
      T: { type: images.dtype },
      ksize: spatial(window.size),
      strides: spatial(window.strides),
      data_format: { string: 'NHWC' },
      ...paddingAttributes(window.padding),
    },
    outputs: [{ dtype: images.dtype, shape: [batch, ...windowOutput(type, [height, width], window), channels] }],
  });
}
