import type { NetworkDescription } from '../description/description.ts';

/** EfficientNetV2-B0 (google/automl, effnetv2_configs.py): fused blocks at large maps, then MBConv. */
export const efficientnetV2B0: NetworkDescription = {
  name: 'efficientnet-v2-b0',
  summary:
    'EfficientNetV2-B0 (Tan and Le, ICML 2021), the baseline of V2-B1 to V2-B3: fused blocks where maps are large, MBConv after.',
  input: { spatial: [224, 224], channels: 3 },
  classes: 1000,
  activation: 'swish',
  normalization: { momentum: 0.9, epsilon: 1e-3 },
  stem: { channels: 32, kernel: 3, stride: 2 },
  // prettier-ignore
  stages: [
    { block: 'fused-inverted-residual', repeats: 1, channels: 16, kernel: 3, stride: 1, expansion: 1 },
    { block: 'fused-inverted-residual', repeats: 2, channels: 32, kernel: 3, stride: 2, expansion: 4 },
    { block: 'fused-inverted-residual', repeats: 2, channels: 48, kernel: 3, stride: 2, expansion: 4 },
    { block: 'inverted-residual', repeats: 3, channels: 96, kernel: 3, stride: 2, expansion: 4, squeezeExcitation: 0.25 },
    { block: 'inverted-residual', repeats: 5, channels: 112, kernel: 3, stride: 1, expansion: 6, squeezeExcitation: 0.25 },
    { block: 'inverted-residual', repeats: 8, channels: 192, kernel: 3, stride: 2, expansion: 6, squeezeExcitation: 0.25 },
  ],
  head: { channels: 1280 },
  rounding: { policy: 'efficientnet-v2' },
  regularization: { dropoutRate: 0.2, stochasticDepthRate: 0.2 },
};
