import type { GradientRule } from '../../differentiation/gradient-rule.ts';
import type { Tensor } from '../../graph/operation.ts';
import { pooling, type PoolingOptions } from './pooling.ts';

/** The largest element of a window moved over images `[batch, height, width, channels]`. */
export function maxPool(images: Tensor, options: PoolingOptions): Tensor {
  return pooling('MaxPool', images, options);
}

/** dy goes to the largest element of each window; TensorFlow has it as one operation. */
export const maxPoolGradient: GradientRule = (step) => [
  () => {
    const images = step.input(0);
    return images.graph.addTensor({
      type: 'MaxPoolGrad',
      inputs: [images, step.output(), step.gradient],
      attributes: step.operation.attributes,
      outputs: [{ dtype: images.dtype, shape: images.shape }],
    });
  },
];
