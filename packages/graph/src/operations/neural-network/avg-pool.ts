import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import { GraphError } from '../../graph/graph-error.ts';
import type { Tensor } from '../../graph/operation.ts';
import { constant } from '../array/constant.ts';
import { pooling, type PoolingOptions } from './pooling.ts';

/**
 * The mean of a window moved over images `[batch, height, width, channels]`; padding does not count.
 * @throws GraphError on explicit padding, which TensorFlow's `AvgPool` does not have.
 */
export function avgPool(images: Tensor, options: PoolingOptions): Tensor {
  if (typeof options.padding === 'object') {
    throw new GraphError('AvgPool', `the padding must be SAME or VALID; it is ${options.padding.join(', ')}`);
  }
  return pooling('AvgPool', images, options);
}

/** Every element of a window gets its equal part of dy; TensorFlow has it as one operation. */
export const avgPoolGradient: GradientRule = (step) => [
  () => {
    const images = step.input(0);
    return images.graph.addTensor({
      type: 'AvgPoolGrad',
      inputs: [constant(images.graph, images.shape, { dtype: 'int32' }), step.gradient],
      attributes: step.operation.attributes,
      outputs: [{ dtype: images.dtype, shape: images.shape }],
    });
  },
];
