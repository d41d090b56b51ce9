import { createHash } from 'node:crypto';

import type { Dataset } from './dataset.ts';

/**
 * SHA-256 in hex over the image shape, the number of classes, and the labels and pixels of both splits. The name is not
 * part of it: the same images under another name give the same results. (55 MB of MNIST take about 35 ms.)
 */
export function contentHash(dataset: Omit<Dataset, 'name' | 'contentHash'>): string {
  const { image, classes, train, test } = dataset;
  const hash = createHash('sha256');
  // The counts and the shape fix the length of every part that follows, so no two data sets give the same bytes.
  hash.update(JSON.stringify([image.height, image.width, image.channels, classes, train.count, test.count]) + '\n');
  for (const part of [train, test]) hash.update(part.labels).update(part.images);
  return hash.digest('hex');
}
