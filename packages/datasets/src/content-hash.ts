import { createHash } from 'node:crypto';

import { type Dataset, partsOf } from './dataset.ts';
import { listParts } from './parts.ts';

/**
 * SHA-256 in hex over the image shape, the number of classes, and the labels and pixels of all parts. The name is not
 * part of it: the same images under another name give the same results. Labels of 16 bits count in the byte order of
 * the machine, which is little-endian wherever this runs. (55 MB of MNIST take about 35 ms.)
 */
export function contentHash(dataset: Omit<Dataset, 'name' | 'contentHash'>): string {
  const { image, classes, train, validation, test } = dataset;
  const hash = createHash('sha256');
  // The counts and the shape fix the length of every part that follows, so no two data sets give the same bytes.
  const counts = [train.count, test.count, ...(validation === undefined ? [] : [validation.count])];
  hash.update(JSON.stringify([image.height, image.width, image.channels, classes, ...counts]) + '\n');
  for (const { value } of listParts(partsOf(dataset))) hash.update(value.labels).update(value.images);
  return hash.digest('hex');
}
