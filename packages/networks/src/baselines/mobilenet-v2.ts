import type { NetworkDescription } from '../description/description.ts';

/** MobileNetV2 (Sandler et al. 2018, table 2). Its head never shrinks: 1280 channels for every width up to 1. */
export const mobilenetV2: NetworkDescription = {
  name: 'mobilenet-v2',
  summary: 'MobileNetV2 (Sandler et al. 2018): inverted residuals with linear bottlenecks for 224-pixel images.',
  input: { spatial: [224, 224], channels: 3 },
  classes: 1000,
  activation: 'relu6',
  normalization: { momentum: 0.99, epsilon: 1e-3 },
  stem: { channels: 32, kernel: 3, stride: 2 },
  stages: [
    { block: 'inverted-residual', repeats: 1, channels: 16, kernel: 3, stride: 1, expansion: 1 },
    { block: 'inverted-residual', repeats: 2, channels: 24, kernel: 3, stride: 2, expansion: 6 },
    { block: 'inverted-residual', repeats: 3, channels: 32, kernel: 3, stride: 2, expansion: 6 },
    { block: 'inverted-residual', repeats: 4, channels: 64, kernel: 3, stride: 2, expansion: 6 },
    { block: 'inverted-residual', repeats: 3, channels: 96, kernel: 3, stride: 1, expansion: 6 },
    { block: 'inverted-residual', repeats: 3, channels: 160, kernel: 3, stride: 2, expansion: 6 },
    { block: 'inverted-residual', repeats: 1, channels: 320, kernel: 3, stride: 1, expansion: 6 },
  ],
  head: { channels: 1280, neverShrinks: true },
  rounding: { policy: 'tensorflow' },
  regularization: { dropoutRate: 0.2, stochasticDepthRate: 0 },
};
