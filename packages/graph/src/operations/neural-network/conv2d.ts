import type { BackwardStep, GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Attributes } from '../../graph/attribute.ts';
import { GraphError } from '../../graph/graph-error.ts';
import { checkSameType } from '../../graph/operand.ts';
import type { Tensor } from '../../graph/operation.ts';
import { formatShape, shape4 } from '../../graph/shape.ts';
import { constant } from '../array/constant.ts';
import { checkFloating } from '../elementwise/elementwise.ts';
import { type Padding, paddingAttributes, type Pair, spatial, toPair, windowOutput } from './window.ts';

/** How a filter moves over images. (There are no dilations: TensorFlow's gradients lack them on the CPU.) */
export interface ConvolutionOptions {
  /** @defaultValue 1 */
  readonly strides?: Pair;
  /** @defaultValue SAME */
  readonly padding?: Padding;
}

/**
 * Convolves images `[batch, height, width, inChannels]` with a filter `[height, width, inChannels, outChannels]`, giving
 * `[batch, outHeight, outWidth, outChannels]`.
 */
export function conv2d(images: Tensor, filter: Tensor, options: ConvolutionOptions = {}): Tensor {
  checkFloating('Conv2D', images);
  checkSameType('Conv2D', images, filter);
  const [batch, height, width, channels] = shape4('Conv2D', 'the input', images.shape);
  const [filterHeight, filterWidth, inChannels, outChannels] = shape4('Conv2D', 'the filter', filter.shape);
  if (inChannels !== channels) {
    const shapes = `${formatShape(images.shape)} and ${formatShape(filter.shape)}`;
    throw new GraphError('Conv2D', `the filter must take the input's channels; input and filter are ${shapes}`);
  }
  const window = {
    size: [filterHeight, filterWidth] as const,
    strides: toPair(options.strides ?? 1),
    padding: options.padding ?? 'SAME',
  };
  return images.graph.addTensor({
    type: 'Conv2D',
    inputs: [images, filter],
    attributes: {
      T: { type: images.dtype },
      strides: spatial(window.strides),
      data_format: { string: 'NHWC' },
      ...paddingAttributes(window.padding),
    },
    outputs: [{ dtype: images.dtype, shape: [batch, ...windowOutput('Conv2D', [height, width], window), outChannels] }],
  });
}

/** TensorFlow has both gradients as operations of their own. */
export const conv2dGradient: GradientRule = (step) => convolutionGradients(step, 'Conv2D');

/**
 * The gradients of `Conv2D` or `DepthwiseConv2dNative` with respect to images and filter. `filterPadding` states the padding
 * of the latter in another way.
 */
export function convolutionGradients(
  step: BackwardStep,
  type: string,
  filterPadding: Attributes = {},
): ReturnType<GradientRule> {
  const [images, filter, dy] = [step.input(0), step.input(1), step.gradient];
  const build = (suffix: string, inputs: readonly Tensor[], like: Tensor, padding: Attributes = {}): Tensor =>
    dy.graph.addTensor({
      type: `${type}${suffix}`,
      inputs,
      attributes: { ...step.operation.attributes, ...padding },
      outputs: [{ dtype: like.dtype, shape: like.shape }],
    });
  const sizes = (tensor: Tensor): Tensor => constant(dy.graph, tensor.shape, { dtype: 'int32' });
  return [
    () => build('BackpropInput', [sizes(images), filter, dy], images),
    () => build('BackpropFilter', [images, sizes(filter), dy], filter, filterPadding),
  ];
}
