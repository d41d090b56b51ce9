import type { NetworkDescription } from '../description/description.ts';
import { resnet50 } from './resnet-50.ts';

/** ResNet-50 as first published: the stride sits in the first 1x1 convolution of a block. */
export const resnet50V1: NetworkDescription = {
  ...resnet50,
  name: 'resnet-50-v1',
  summary: 'ResNet-50 v1 (He et al. 2016): as resnet-50, with the stride in the first 1x1 convolution.',
  // prettier-ignore
  stages: [
    { block: 'residual-bottleneck', repeats: 3, channels: 256, kernel: 3, stride: 1, reduction: 4, strideIn: 'reduction', shortcut: 'projection' },
    { block: 'residual-bottleneck', repeats: 4, channels: 512, kernel: 3, stride: 2, reduction: 4, strideIn: 'reduction', shortcut: 'projection' },
    { block: 'residual-bottleneck', repeats: 6, channels: 1024, kernel: 3, stride: 2, reduction: 4, strideIn: 'reduction', shortcut: 'projection' },
    { block: 'residual-bottleneck', repeats: 3, channels: 2048, kernel: 3, stride: 2, reduction: 4, strideIn: 'reduction', shortcut: 'projection' },
  ],
};
