import type { NetworkDescription } from '../description/description.ts';
import { efficientnetB03d } from './efficientnet-b0-3d.ts';

/** EfficientNet-B0 for clips without temporal striding: every frame reaches the final map. */
export const efficientnetB03dFullRate: NetworkDescription = {
  ...efficientnetB03d,
  name: 'efficientnet-b0-3d-full-rate',
  summary: 'EfficientNet-B0 for video, kernels k x k x k, strides 1 x s x s: no temporal striding.',
  stem: { ...efficientnetB03d.stem, stride: [1, 2, 2] },
  stages: efficientnetB03d.stages.map((stage) => (stage.stride === 2 ? { ...stage, stride: [1, 2, 2] } : stage)),
};
