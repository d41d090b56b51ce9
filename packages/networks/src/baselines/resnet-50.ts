import type { NetworkDescription } from '../description/description.ts';

/** ResNet-50 (He et al. 2016, table 1) as v1.5: the stride sits in the 3x3 convolution. */
export const resnet50: NetworkDescription = {
  name: 'resnet-50',
  summary: 'ResNet-50 v1.5 (He et al. 2016): bottlenecks with the stride in the 3x3 convolution, for 224-pixel images.',
  input: { spatial: [224, 224], channels: 3 },
  classes: 1000,
  activation: 'relu',
  normalization: { momentum: 0.9, epsilon: 1e-5 },
  stem: { channels: 64, kernel: 7, stride: 2, pooling: { kernel: 3, stride: 2 } },
  // prettier-ignore
  stages: [
    { block: 'residual-bottleneck', repeats: 3, channels: 256, kernel: 3, stride: 1, reduction: 4, strideIn: 'middle', shortcut: 'projection' },
    { block: 'residual-bottleneck', repeats: 4, channels: 512, kernel: 3, stride: 2, reduction: 4, strideIn: 'middle', shortcut: 'projection' },
    { block: 'residual-bottleneck', repeats: 6, channels: 1024, kernel: 3, stride: 2, reduction: 4, strideIn: 'middle', shortcut: 'projection' },
    { block: 'residual-bottleneck', repeats: 3, channels: 2048, kernel: 3, stride: 2, reduction: 4, strideIn: 'middle', shortcut: 'projection' },
  ],
  rounding: { policy: 'tensorflow' },
  // He et al. 2016, section 3.4: a rate of 0.1 at batches of 256, here for 32 by the linear rule.
  recipe: {
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false },
    learningRate: 0.0125,
    weightDecay: 1e-4,
    labelSmoothing: 0,
  },
  regularization: { dropoutRate: 0, stochasticDepthRate: 0 },
};
