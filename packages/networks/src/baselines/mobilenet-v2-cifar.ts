import type { NetworkDescription } from '../description/description.ts';
import { mobilenetV2 } from './mobilenet-v2.ts';

/** MobileNetV2 for 32-pixel images: stride 1 in the stem. */
export const mobilenetV2Cifar: NetworkDescription = {
  ...mobilenetV2,
  name: 'mobilenet-v2-cifar',
  summary: 'MobileNetV2 for 32-pixel images: stride 1 in the stem.',
  input: { spatial: [32, 32], channels: 3 },
  classes: 10,
  stem: { ...mobilenetV2.stem, stride: 1 },
};
