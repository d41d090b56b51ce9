import { floorProduct } from '@compound-search/scaling';

import type { ActivationFunction } from '../layers/layer.ts';
import type { LayerComposer } from '../layers/layer-composer.ts';

/**
 * Squeeze-and-excitation on the last layer: mean over the map, two 1x1 convolutions with biases, a sigmoid gate. The
 * squeeze is a share of the block's *input* channels, not of the expanded ones (tensorflow/tpu, efficientnet_model.py).
 */
export function addSqueezeExcitation(composer: LayerComposer, share: number, activation: ActivationFunction): void {
  const map = composer.last;
  const { channels, spatial } = composer.shapeAt(map);
  const ones = spatial.map(() => 1);
  const squeezed = Math.max(1, floorProduct(composer.shapeAt(0).channels * share));
  const convolution = (filters: number) =>
    ({ kind: 'convolution', kernel: ones, strides: ones, filters, bias: true }) as const;
  composer.add('squeeze/pooling', { kind: 'global-average-pooling', keepSpatial: true });
  composer.add('squeeze/convolution', convolution(squeezed));
  composer.activation('squeeze', activation);
  composer.add('excitation/convolution', convolution(channels));
  const gate = composer.add('excitation/activation', { kind: 'activation', function: 'sigmoid' });
  composer.add('excitation/scaling', { kind: 'channel-scaling' }, [map, gate]);
}
