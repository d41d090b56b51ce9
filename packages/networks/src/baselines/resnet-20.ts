import type { NetworkDescription } from '../description/description.ts';

/** ResNet-20 (He et al. 2016, section 4.2) with parameter-free shortcuts (option A), for 32-pixel images. */
export const resnet20: NetworkDescription = {
  name: 'resnet-20',
  summary: 'ResNet-20 for 32-pixel images (He et al. 2016, section 4.2): basic blocks with parameter-free shortcuts.',
  input: { spatial: [32, 32], channels: 3 },
  classes: 10,
  activation: 'relu',
  normalization: { momentum: 0.9, epsilon: 1e-5 },
  stem: { channels: 16, kernel: 3, stride: 1 },
  stages: [
    { block: 'residual-basic', repeats: 3, channels: 16, kernel: 3, stride: 1, shortcut: 'padded' },
    { block: 'residual-basic', repeats: 3, channels: 32, kernel: 3, stride: 2, shortcut: 'padded' },
    { block: 'residual-basic', repeats: 3, channels: 64, kernel: 3, stride: 2, shortcut: 'padded' },
  ],
  rounding: { policy: 'tensorflow' },
  // He et al. 2016, section 4.2: a rate of 0.1 at batches of 128, here for 32 by the linear rule.
  recipe: {
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false },
    learningRate: 0.025,
    weightDecay: 1e-4,
    labelSmoothing: 0,
  },
  regularization: { dropoutRate: 0, stochasticDepthRate: 0 },
};
