import type { Batch } from '../batch-source.ts';
import type { ImageDraws } from './image-draws.ts';
import { drawMixing, heavierLabels, mixRows } from './mixup.ts';

/**
 * Mixes the images and targets of a batch, each with another's. Of the two labels the one with the larger share counts as
 * right. The recipe's `mixup` is the parameter of the beta distribution; 0 mixes nothing.
 */
export function mixBatch(batch: Batch, { augmentation: { mixup }, draws }: MixOptions): Batch {
  if (mixup === 0) return batch;
  const mixing = drawMixing(draws, mixup);
  return {
    images: mixRows(batch.images, mixing),
    labels: heavierLabels(batch.labels, mixing),
    targets: (encode) => mixRows(batch.targets(encode), mixing),
  };
}

export interface MixOptions {
  readonly augmentation: { readonly mixup: number };
  readonly draws: ImageDraws;
}
