import { CompoundSearchError } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { datasets, findDataset, loadDataset } from '../src/index.ts';
import { checkDataset } from '../src/registry.ts';

describe('the registry of data sets', () => {
  it('lists mnist and shapes', () => {
    expect(datasets.map((dataset) => dataset.name)).toEqual(['mnist', 'shapes']);
  });

  it.each(datasets)('describes $name as it is when loaded', async (description) => {
    const dataset = await loadDataset(description.name);
    expect(await findDataset(description.name)).toBe(description);
    expect(dataset.name).toBe(description.name);
    expect((await checkDataset(description.name)).contentHash).toBe(dataset.contentHash);
    expect(dataset.image).toEqual(description.image);
    expect(dataset.classes).toBe(description.classes);
    expect(dataset.train.count).toBe(description.trainingImages);
    expect(dataset.test.count).toBe(description.testImages);
    const size = description.image.height * description.image.width * description.image.channels;
    for (const part of [dataset.train, dataset.test]) {
      expect(part.images.length).toBe(part.count * size);
      expect(part.labels.length).toBe(part.count);
      expect(new Set(part.labels)).toEqual(new Set(Array.from({ length: description.classes }, (_, label) => label)));
    }
  });

  it('refuses a name that it does not have, with those that it has', async () => {
    const error: unknown = await loadDataset('imagenet').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CompoundSearchError);
    expect(error).toMatchObject({
      code: 'UNKNOWN_DATASET',
      field: 'dataset',
      value: 'imagenet',
      remedy: expect.stringMatching(
        /^Use one of: mnist, shapes; or files below the data root: idx:<folder>, /,
      ) as string,
    });
    await expect(findDataset('constructor')).rejects.toThrow(CompoundSearchError);
  });
});
