import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { cyclicLabels, npyFile, zipFile } from '../../../datasets/test/written-datasets.ts';
import { prepareData } from '../../src/trial/prepared-data.ts';
import { shapesSpecification } from '../shapes-specification.ts';

/** Images of one value each but for their first pixel, which is 0: image i of a part is `first + i` all over. */
function images(count: number, first: number): Buffer {
  const values = Uint8Array.from({ length: count * 4 }, (_, at) => (at % 4 === 0 ? 0 : first + (at >> 2)));
  return npyFile('|u1', [count, 2, 2], values);
}
function labels(count: number): Buffer {
  return npyFile('|u1', [count], cyclicLabels(count, 2));
}

/** The last pixels of the images at those indices. */
function valuesAt(pixels: Uint8Array, indices: Int32Array): number[] {
  return [...indices].map((index) => pixels[4 * index + 3] ?? 0);
}

describe('the images of a trial', () => {
  it('rank on the validation split that a data set brings, and train on all of its training split', async () => {
    const dataRoot = await mkdtemp(join(tmpdir(), 'prepared-data-'));
    onTestFinished(() => rm(dataRoot, { recursive: true }));
    const archive = zipFile([
      ['train_images.npy', images(6, 10)],
      ['train_labels.npy', labels(6)],
      ['val_images.npy', images(4, 100)],
      ['val_labels.npy', labels(4)],
      ['test_images.npy', images(2, 200)],
      ['test_labels.npy', labels(2)],
    ]);
    await writeFile(join(dataRoot, 'set.npz'), archive);
    const specification = shapesSpecification({
      dataset: 'npz:set.npz',
      split: { trainImages: 6, validationImages: 4, seed: 0 },
    });
    const recipe = { ...specification.recipe, batchSize: 2 };
    const prepared = await prepareData({ ...specification, recipe, purpose: 'test' }, dataRoot);
    expect(valuesAt(prepared.images, prepared.train)).toEqual([10, 11, 12, 13, 14, 15]);
    expect(valuesAt(prepared.images, prepared.validation)).toEqual([100, 101, 102, 103]);
    expect(valuesAt(prepared.images, prepared.test)).toEqual([200, 201]);
    expect([...prepared.validation].map((index) => prepared.labels[index])).toEqual([0, 1, 0, 1]);
    expect(prepared.count).toBe(12);
  });

  it('are refused where the data set has another content than the search was posted with', async () => {
    const specification = shapesSpecification({});
    const { contentHash } = await prepareData(specification, '.');
    await expect(prepareData({ ...specification, datasetHash: contentHash }, '.')).resolves.toMatchObject({
      contentHash,
    });
    await expect(prepareData({ ...specification, datasetHash: 'f'.repeat(64) }, '.')).rejects.toMatchObject({
      code: 'DATASET_CHANGED',
      field: 'dataset',
      value: 'shapes',
      message: expect.stringContaining(contentHash) as unknown,
    });
  });
});
