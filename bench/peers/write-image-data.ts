import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Split } from '@compound-search/contracts';
import { type Dataset, type ImageShape, stratifiedSplit } from '@compound-search/datasets';

/** What the peers' `job.json` says of the images beside it. */
export interface ImageDataDescription {
  readonly image: ImageShape;
}

/**
 * Writes the images and labels of a data set and which of them train, rank and test, exactly as our trials take them, into
 * a job's folder, where `image_data.py` reads them.
 */
export async function writeImageData(
  directory: string,
  { image, classes, train, test }: Dataset,
  split: Split,
): Promise<ImageDataDescription> {
  const chosen = stratifiedSplit({ labels: train.labels, classes, ...split });
  const files = {
    images: Buffer.concat([train.images, test.images]),
    labels: bytesOf(Int32Array.from([...train.labels, ...test.labels])),
    train: bytesOf(chosen.train),
    validation: bytesOf(chosen.validation),
    test: bytesOf(Int32Array.from({ length: test.count }, (_, index) => train.count + index)),
  };
  await Promise.all(
    Object.entries(files).map(([name, content]) => writeFile(path.join(directory, `${name}.bin`), content)),
  );
  return { image };
}

function bytesOf(array: Int32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
