import type { NetworkDescription } from '../description/description.ts';

/** A small EfficientNet for images of 20 to 32 pixels. */
export const efficientnetMicro: NetworkDescription = {
  name: 'efficientnet-micro',
  summary:
    'A small EfficientNet for images of 20 to 32 pixels: MBConv, squeeze-and-excitation and swish at a total stride of 4. Its base resolution of 20 lets 28-pixel digits cover gamma up to 1.4 without being enlarged.',
  input: { spatial: [20, 20], channels: 1 },
  classes: 10,
  activation: 'swish',
  // Short trainings have a few hundred steps: with 0.99 the moving statistics would still remember their start.
  normalization: { momentum: 0.9, epsilon: 1e-3 },
  stem: { channels: 12, kernel: 3, stride: 2 },
  // prettier-ignore
  stages: [
    { block: 'inverted-residual', repeats: 1, channels: 8, kernel: 3, stride: 1, expansion: 1, squeezeExcitation: 0.25 },
    { block: 'inverted-residual', repeats: 2, channels: 16, kernel: 3, stride: 2, expansion: 4, squeezeExcitation: 0.25 },
    { block: 'inverted-residual', repeats: 3, channels: 24, kernel: 3, stride: 1, expansion: 4, squeezeExcitation: 0.25 },
  ],
  head: { channels: 96 },
  rounding: { policy: 'tensorflow', channelDivisor: 4, resolutionStep: 2 },
  regularization: { dropoutRate: 0.1, stochasticDepthRate: 0.1 },
};
