import type { NetworkDescription } from '../description/description.ts';

/**
 * EfficientNet-B0: table 1 of the paper, with the strides of the reference code (tensorflow/tpu issue 383). The paper
 * counts the stem as stage 1 and the head as stage 9.
 */
export const efficientnetB0: NetworkDescription = {
  name: 'efficientnet-b0',
  summary:
    'EfficientNet-B0 (Tan and Le, ICML 2019, table 1), the baseline of B1 to B7: MBConv with squeeze-and-excitation and swish for 224-pixel images.',
  input: { spatial: [224, 224], channels: 3 },
  classes: 1000,
  activation: 'swish',
  normalization: { momentum: 0.99, epsilon: 1e-3 },
  stem: { channels: 32, kernel: 3, stride: 2 },
  // prettier-ignore
  stages: [
    { block: 'inverted-residual', repeats: 1, channels: 16, kernel: 3, stride: 1, expansion: 1, squeezeExcitation: 0.25 },
    { block: 'inverted-residual', repeats: 2, channels: 24, kernel: 3, stride: 2, expansion: 6, squeezeExcitation: 0.25 },
    { block: 'inverted-residual', repeats: 2, channels: 40, kernel: 5, stride: 2, expansion: 6, squeezeExcitation: 0.25 },
    { block: 'inverted-residual', repeats: 3, channels: 80, kernel: 3, stride: 2, expansion: 6, squeezeExcitation: 0.25 },
    { block: 'inverted-residual', repeats: 3, channels: 112, kernel: 5, stride: 1, expansion: 6, squeezeExcitation: 0.25 },
    { block: 'inverted-residual', repeats: 4, channels: 192, kernel: 5, stride: 2, expansion: 6, squeezeExcitation: 0.25 },
    { block: 'inverted-residual', repeats: 1, channels: 320, kernel: 3, stride: 1, expansion: 6, squeezeExcitation: 0.25 },
  ],
  head: { channels: 1280 },
  rounding: { policy: 'tensorflow' },
  regularization: { dropoutRate: 0.2, stochasticDepthRate: 0.2 },
};
