import { describe, expect, it } from 'vitest';

import { checkDataset } from '../src/registry.ts';
import { loadArchive, writeArchive } from './written-archives.ts';
import { cyclicLabels, type Files, idxFiles, npyFile, pattern, temporaryData } from './written-datasets.ts';

const side = 3;
const size = side * side;

/** The array of images of those contents, 3 x 3 pixels each: a number is the seed of a pattern. */
function images(...contents: readonly (number | Uint8Array)[]): Buffer {
  const values = contents.map((content) => (typeof content === 'number' ? pattern(size, content) : content));
  return npyFile('|u1', [contents.length, side, side], Buffer.concat(values));
}
function labels(count: number): Buffer {
  return npyFile('|u1', [count], cyclicLabels(count, 2));
}
const blank = new Uint8Array(size).fill(9);

const unlike: Files = {
  'x_train.npy': images(1, 2, 3, 4),
  'y_train.npy': labels(4),
  'x_test.npy': images(5, 6),
  'y_test.npy': labels(2),
};

const cases: readonly (readonly [string, Files, readonly string[]])[] = [
  ['nothing of images that all differ', unlike, []],
  [
    'how many test images are among the training images',
    { ...unlike, 'x_test.npy': images(3, 6) },
    [
      '1 of the test images of npz:set.npz are among its training images too, pixel for pixel: the test accuracy comes ' +
        'out too high.',
    ],
  ],
  [
    'how many training images repeat another',
    { ...unlike, 'x_train.npy': images(1, 2, 1, 1) },
    [
      '2 of the training images of npz:set.npz repeat another, pixel for pixel: where one is trained on and its twin ' +
        'ranks, accuracies come out too high.',
    ],
  ],
  [
    'that validation images are among the training images, and test images among either',
    { ...unlike, 'x_val.npy': images(2, 7), 'y_val.npy': labels(2), 'x_test.npy': images(7, 1) },
    [
      '1 of the validation images of npz:set.npz are among its training images too, pixel for pixel: the validation ' +
        'accuracy comes out too high.',
      '2 of the test images of npz:set.npz are among its training or validation images too, pixel for pixel: the test ' +
        'accuracy comes out too high.',
    ],
  ],
  [
    'how many images have nothing to see',
    { ...unlike, 'x_train.npy': images(1, blank, 3, 4) },
    ['1 of the 6 images of npz:set.npz have one value everywhere: there is nothing to see.'],
  ],
  [
    'that all values are near each other',
    {
      ...unlike,
      ...{ 'x_train.npy': images(...[1, 2, 3, 4].map((seed) => pattern(size, seed).map((value) => value & 7))) },
      ...{ 'x_test.npy': images(...[5, 6].map((seed) => pattern(size, seed).map((value) => value & 7))) },
    },
    [
      'All values of the images of npz:set.npz lie between 0 and 7, of 0 to 255. They are used as they are; where this ' +
        'is not meant, scale the images before.',
    ],
  ],
];

describe('reading all of a data set', () => {
  it.each(cases)('says %s', async (_, arrays, notes) => {
    const { name, access } = await writeArchive(arrays);
    const findings = await checkDataset(name, access);
    expect(findings.notes).toEqual(notes);
    expect(findings.contentHash).toBe((await loadArchive(arrays)).contentHash);
  });

  it('says that the images of EMNIST are transposed, by the names of its files', async () => {
    const { access, write } = await temporaryData();
    const files = Object.entries(idxFiles()).map(([name, file]) => [
      `emnist-digits-${name.replace('t10k', 'test')}`,
      file,
    ]);
    await write('digits', Object.fromEntries(files) as Files);
    expect((await checkDataset('idx:digits', access)).notes).toEqual([
      'The images of EMNIST lie transposed in its files, rows and columns exchanged, and are used like that: a flip ' +
        'from left to right turns the characters upside down, and a model wants its input transposed as well.',
    ]);
    await write('others', idxFiles());
    expect((await checkDataset('idx:others', access)).notes).toEqual([]);
  });
});
