import type { NetworkDescription } from '../description/description.ts';
import { efficientnetB0 } from './efficientnet-b0.ts';

/** EfficientNet-Lite0 (tensorflow/tpu): B0 without squeeze-and-excitation, ReLU6, scaled with stem and head fixed. */
export const efficientnetLite0: NetworkDescription = {
  ...efficientnetB0,
  name: 'efficientnet-lite0',
  summary: 'EfficientNet-Lite0 (tensorflow/tpu): B0 without squeeze-and-excitation and with ReLU6, for phones.',
  activation: 'relu6',
  // prettier-ignore
  stages: [
    { block: 'inverted-residual', repeats: 1, channels: 16, kernel: 3, stride: 1, expansion: 1 },
    { block: 'inverted-residual', repeats: 2, channels: 24, kernel: 3, stride: 2, expansion: 6 },
    { block: 'inverted-residual', repeats: 2, channels: 40, kernel: 5, stride: 2, expansion: 6 },
    { block: 'inverted-residual', repeats: 3, channels: 80, kernel: 3, stride: 2, expansion: 6 },
    { block: 'inverted-residual', repeats: 3, channels: 112, kernel: 5, stride: 1, expansion: 6 },
    { block: 'inverted-residual', repeats: 4, channels: 192, kernel: 5, stride: 2, expansion: 6 },
    { block: 'inverted-residual', repeats: 1, channels: 320, kernel: 3, stride: 1, expansion: 6 },
  ],
  rounding: { policy: 'lite' },
};
