import type { NetworkDescription } from '../description/description.ts';
import { mobilenetV1 } from './mobilenet-v1.ts';

/** MobileNetV1 for 32-pixel images: stride 1 in the stem. */
export const mobilenetV1Cifar: NetworkDescription = {
  ...mobilenetV1,
  name: 'mobilenet-v1-cifar',
  summary: 'MobileNetV1 for 32-pixel images: stride 1 in the stem.',
  input: { spatial: [32, 32], channels: 3 },
  classes: 10,
  stem: { ...mobilenetV1.stem, stride: 1 },
};
