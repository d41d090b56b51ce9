import type { NetworkUse } from '@compound-search/contracts';

import type { ScaledArchitecture } from '../build/architecture.ts';
import { useWithKeras } from './keras.ts';
import { useWithTimm } from './timm.ts';
import { useWithTorchvision } from './torchvision.ts';

/**
 * How to build a network with Keras, timm and torchvision. Arguments are given only where the library comes to the same
 * channels, blocks and so parameters: each rounds in its own way, which is followed here step by step.
 */
export function networkUse(architecture: ScaledArchitecture): NetworkUse {
  return {
    keras: useWithKeras(architecture),
    timm: useWithTimm(architecture),
    torchvision: useWithTorchvision(architecture),
  };
}
