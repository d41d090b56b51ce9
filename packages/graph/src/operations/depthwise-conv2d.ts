import { checkFloating } from '../elementwise.ts';
import type { GradientRule } from '../gradient-rule.ts';
import { GraphError } from '../graph-error.ts';
import { checkSameType } from '../operand.ts';
import type { Tensor } from '../operation.ts';
import { formatShape, shape4 } from '../shape.ts';
import { paddingAttributes, spatial, toPair, windowOutput } from '../window.ts';
import { convolutionGradients, type ConvolutionOptions } from './conv2d.ts';

const type = 'DepthwiseConv2dNative';

/**
 * Convolves each channel of images `[batch, height, width, channels]` with filters of its own
 * `[height, width, channels, multiplier]`, giving `[batch, outHeight, outWidth, channels * multiplier]`.
 */
export function depthwiseConv2d(images: Tensor, filter: Tensor, options: ConvolutionOptions = {}): Tensor {
  checkFloating(type, images);
  checkSameType(type, images, filter);
  const [batch, height, width, channels] = shape4(type, 'the input', images.shape);
  const [filterHeight, filterWidth, inChannels, multiplier] = shape4(type, 'the filter', filter.shape);
  if (inChannels !== channels) {
    const shapes = `${formatShape(images.shape)} and ${formatShape(filter.shape)}`;
    throw new GraphError(type, `the filter must take the input's channels; input and filter are ${shapes}`);
  }
  const window = {
    size: [filterHeight, filterWidth] as const,
    strides: toPair(options.strides ?? 1),
    padding: options.padding ?? 'SAME',
  };
  if (window.strides[0] !== window.strides[1]) {
    throw new GraphError(type, `TensorFlow takes equal strides only; they are ${formatShape(window.strides)}`);
  }
  return images.graph.addTensor({
    type,
    inputs: [images, filter],
    attributes: {
      T: { type: images.dtype },
      strides: spatial(window.strides),
      data_format: { string: 'NHWC' },
      ...paddingAttributes(window.padding),
    },
    outputs: [
      { dtype: images.dtype, shape: [batch, ...windowOutput(type, [height, width], window), channels * multiplier] },
    ],
  });
}

/** TensorFlow has both gradients as operations of their own. */
export const depthwiseConv2dGradient: GradientRule = (step) => convolutionGradients(step, type);
