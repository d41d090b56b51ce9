import type { NetworkDescription } from '../description/description.ts';
import { efficientnetB0 } from './efficientnet-b0.ts';

/** EfficientNet-B0 for 32-pixel images: stem and stage 2 keep the map, so that 4x4 of it is left at the end. */
export const efficientnetB0Cifar: NetworkDescription = {
  ...efficientnetB0,
  name: 'efficientnet-b0-cifar',
  summary: 'EfficientNet-B0 for 32-pixel images: stride 1 in the stem and in stage 2, so that the final map is 4x4.',
  input: { spatial: [32, 32], channels: 3 },
  classes: 10,
  stem: { ...efficientnetB0.stem, stride: 1 },
  stages: efficientnetB0.stages.map((stage, index) => (index === 1 ? { ...stage, stride: 1 } : stage)),
};
