import type { NetworkDescription } from '../description/description.ts';

/**
 * MobileNetV1 (Howard et al. 2017, table 1). The last block has stride 1: the paper's "s2" there contradicts its own
 * 7x7 output (tensorflow/models issue 1997).
 */
export const mobilenetV1: NetworkDescription = {
  name: 'mobilenet-v1',
  summary: 'MobileNetV1 (Howard et al. 2017): depthwise separable convolutions for 224-pixel images.',
  input: { spatial: [224, 224], channels: 3 },
  classes: 1000,
  activation: 'relu6',
  normalization: { momentum: 0.99, epsilon: 1e-3 },
  stem: { channels: 32, kernel: 3, stride: 2 },
  stages: [
    { block: 'depthwise-separable', repeats: 1, channels: 64, kernel: 3, stride: 1 },
    { block: 'depthwise-separable', repeats: 2, channels: 128, kernel: 3, stride: 2 },
    { block: 'depthwise-separable', repeats: 2, channels: 256, kernel: 3, stride: 2 },
    { block: 'depthwise-separable', repeats: 6, channels: 512, kernel: 3, stride: 2 },
    { block: 'depthwise-separable', repeats: 2, channels: 1024, kernel: 3, stride: 2 },
  ],
  rounding: { policy: 'tensorflow' },
  regularization: { dropoutRate: 0.001, stochasticDepthRate: 0 },
};
