import type { BackwardStep, GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Attributes } from '../../graph/attribute.ts';
import { GraphError } from '../../graph/graph-error.ts';
import { checkSameType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { formatShape, shape4 } from '../../graph/shape.ts';
import { checkFloating } from '../elementwise/elementwise.ts';
import { convolutionGradients, type ConvolutionOptions } from './conv2d.ts';
import { paddingAttributes, samePadding, spatial, toPair, windowOutput } from './window.ts';

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

/** Widest filter for which oneDNN has a filter gradient of its own. */
const widestFastFilter = 3;

/**
 * TensorFlow has both gradients as operations of their own, and oneDNN takes those over whose padding is SAME or VALID. Its
 * filter gradient is a fast one up to three columns; for more it falls back to one for groups of 16 channels, which takes
 * twice the time of TensorFlow's own kernel (5 x 5: 1.9 to 3.8 times in 8 sizes). Over images of fewer columns than the filter
 * has it takes 10 to 50 times as long (3 x 3 over 2 x 2). An explicit padding keeps TensorFlow's.
 */
export const depthwiseConv2dGradient: GradientRule = (step) => {
  const [, filterWidth] = filterSize(step);
  const [, , imageWidth] = shape4(type, 'the input', step.input(0).shape);
  const isSlow = filterWidth > widestFastFilter || imageWidth < filterWidth;
  return convolutionGradients(step, type, isSlow ? explicitPadding(step) : {});
};

function filterSize(step: BackwardStep): readonly [number, number] {
  const [height, width] = shape4(type, 'the filter', step.input(1).shape);
  return [height, width];
}

/** The padding of a convolution by SAME or VALID as an explicit one; nothing to change where it is one already. */
function explicitPadding(step: BackwardStep): Attributes {
  const { padding, strides } = step.operation.attributes;
  if (padding === undefined || !('string' in padding) || strides === undefined || !('ints' in strides)) return {};
  if (padding.string === 'EXPLICIT') return {};
  if (padding.string === 'VALID') return paddingAttributes([0, 0, 0, 0]);
  const [, height, width] = shape4(type, 'the input', step.input(0).shape);
  const [, rows = 1, columns = 1] = strides.ints;
  return paddingAttributes(samePadding([height, width], { size: filterSize(step), strides: [rows, columns] }));
}
