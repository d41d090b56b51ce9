import type { NetworkDescription } from '../description/description.ts';

/** A small MobileNetV2 for images of 20 to 32 pixels. */
export const mobilenetV2Micro: NetworkDescription = {
  name: 'mobilenet-v2-micro',
  summary: 'A small MobileNetV2 for images of 20 to 32 pixels: inverted residuals at a total stride of 4.',
  input: { spatial: [20, 20], channels: 1 },
  classes: 10,
  activation: 'relu6',
  normalization: { momentum: 0.9, epsilon: 1e-3 },
  stem: { channels: 12, kernel: 3, stride: 2 },
  stages: [
    { block: 'inverted-residual', repeats: 1, channels: 8, kernel: 3, stride: 1, expansion: 1 },
    { block: 'inverted-residual', repeats: 2, channels: 16, kernel: 3, stride: 2, expansion: 6 },
    { block: 'inverted-residual', repeats: 3, channels: 24, kernel: 3, stride: 1, expansion: 6 },
  ],
  head: { channels: 96, neverShrinks: true },
  rounding: { policy: 'tensorflow', channelDivisor: 4, resolutionStep: 2 },
  regularization: { dropoutRate: 0.1, stochasticDepthRate: 0 },
};
