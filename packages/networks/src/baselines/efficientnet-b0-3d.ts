import type { NetworkDescription } from '../description/description.ts';
import { efficientnetB0 } from './efficientnet-b0.ts';

/** EfficientNet-B0 for clips: its kernels become k x k x k and its strides s x s x s. */
export const efficientnetB03d: NetworkDescription = {
  ...efficientnetB0,
  name: 'efficientnet-b0-3d',
  summary:
    'EfficientNet-B0 for video: kernels k x k x k and strides s x s x s over [frames, height, width]. Its cost exponents are (1, 2, 3).',
  input: { spatial: [16, 112, 112], channels: 3 },
};
