import type { NetworkDescription } from '../description/description.ts';
import { resnet50 } from './resnet-50.ts';

/** ResNet-50 for 32-pixel images: a 3x3 stem of stride 1 and no pooling after it. */
export const resnet50Cifar: NetworkDescription = {
  ...resnet50,
  name: 'resnet-50-cifar',
  summary: 'ResNet-50 for 32-pixel images: a 3x3 stem of stride 1 without pooling.',
  input: { spatial: [32, 32], channels: 3 },
  classes: 10,
  stem: { channels: 64, kernel: 3, stride: 1 },
};
