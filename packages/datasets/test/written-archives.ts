import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Dataset, loadDataset } from '../src/index.ts';
import { cyclicLabels, type Files, npzArrays, pattern, temporaryData, zipFile } from './written-datasets.ts';

/** An archive in a data root of the calling test's own, with those arrays in place of others. */
export async function writeArchive(arrays: Files, options = '') {
  const { access, dataRoot } = await temporaryData();
  await writeFile(join(dataRoot, 'set.npz'), zipFile(Object.entries(arrays)));
  return { name: `npz:set.npz${options}`, access };
}

export async function loadArchive(arrays: Files, options = ''): Promise<Dataset> {
  const { name, access } = await writeArchive(arrays, options);
  return loadDataset(name, access);
}

/** Values as the bytes of a typed array or, of the other order, as those of a big-endian machine. */
export function bytesOf(values: NodeJS.TypedArray, bigEndian = false): Buffer {
  const bytes = Buffer.from(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  if (!bigEndian) return bytes;
  const { BYTES_PER_ELEMENT: width } = values;
  return width === 2 ? bytes.swap16() : width === 4 ? bytes.swap32() : bytes.swap64();
}

export const shapes = { train: [9, 4, 5, 3], test: [6, 4, 5, 3] } as const;
export const pixels = { train: pattern(540), test: pattern(360, 1) } as const;
export const labels = { train: cyclicLabels(9, 3), test: cyclicLabels(6, 3) } as const;

/** The same archive with its images written by `write`, which gets the shape and the bytes of a part. */
export function withImages(write: (shape: readonly number[], values: Uint8Array) => Buffer): Files {
  return {
    ...npzArrays(),
    'x_train.npy': write(shapes.train, pixels.train),
    'x_test.npy': write(shapes.test, pixels.test),
  };
}
export function withLabels(write: (shape: readonly number[], values: Uint8Array) => Buffer): Files {
  return { ...npzArrays(), 'y_train.npy': write([9], labels.train), 'y_test.npy': write([6], labels.test) };
}
