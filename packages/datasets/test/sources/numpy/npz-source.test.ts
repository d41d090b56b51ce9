import { describe, expect, it } from 'vitest';

import { datasetNotes, findDataset, loadDataset } from '../../../src/index.ts';
import { checkDataset } from '../../../src/registry.ts';
import { bytesOf, labels, loadArchive, withImages, withLabels, writeArchive } from '../../written-archives.ts';
import { cyclicLabels, type Files, npyFile, npyOf, npzArrays, pattern, tuple } from '../../written-datasets.ts';

/** Everything that is said of an archive: by its headers and labels, and by its images. */
async function notesOf(arrays: Files): Promise<{ described: readonly string[]; read: readonly string[] }> {
  const { name, access } = await writeArchive(arrays);
  const { notes } = await checkDataset(name, access);
  return { described: datasetNotes(await findDataset(name, access)), read: notes };
}

/** Elements with the first index varying fastest. */
function fortranOrder([count = 0, height = 0, width = 0, channels = 0]: readonly number[], values: Uint8Array): Buffer {
  const ordered = Buffer.alloc(values.length);
  let to = 0;
  for (let d = 0; d < channels; d++)
    for (let c = 0; c < width; c++)
      for (let b = 0; b < height; b++)
        for (let a = 0; a < count; a++) ordered[to++] = values[((a * height + b) * width + c) * channels + d] ?? 0;
  return ordered;
}

/** The bits of a number from 0 to 255 as a float of 16 bits, cut to its 10 bits of fraction. */
function halfFloat(value: number): number {
  if (value < 2 ** -14) return Math.floor(value * 2 ** 24);
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) | Math.floor((value / 2 ** exponent - 1) * 1024);
}

const headers: readonly (readonly [string, Files])[] = [
  ['of bytes as cnpy writes them, <u1', withImages((shape, values) => npyFile('<u1', shape, values))],
  ['of bytes that claim to be big-endian', withImages((shape, values) => npyFile('>u1', shape, values))],
  ['of labels as cnpy writes them', withLabels((shape, values) => npyFile('<u1', shape, values))],
  [
    'of Python 2, with long numbers',
    withImages((shape, values) =>
      npyOf(`{'descr': '|u1', 'fortran_order': False, 'shape': ${tuple(shape, 'L')}, }`, values),
    ),
  ],
  [
    'with the keys in another order and no comma after the last',
    withImages((shape, values) => npyOf(`{'shape': ${tuple(shape)}, 'fortran_order': False, 'descr': '|u1'}`, values)),
  ],
  [
    'with double quotes and without spaces',
    withImages((shape, values) => npyOf(`{"descr":"|u1","fortran_order":False,"shape":${tuple(shape)}}`, values)),
  ],
  [
    'of big-endian labels of 64 bits',
    withLabels((shape, values) => npyFile('>i8', shape, bytesOf(BigInt64Array.from(values, BigInt), true))),
  ],
  [
    'of big-endian labels of 16 bits',
    withLabels((shape, values) => npyFile('>u2', shape, bytesOf(Uint16Array.from(values), true))),
  ],
  ['of labels as floats', withLabels((shape, values) => npyFile('<f8', shape, bytesOf(Float64Array.from(values))))],
  ['of labels in a column', withLabels(([count = 0], values) => npyFile('|u1', [count, 1], values))],
  [
    'of images in Fortran order',
    withImages((shape, values) => npyFile('|u1', shape, fortranOrder(shape, values), 'True')),
  ],
  [
    'of whole floats from 0 to 255',
    withImages((shape, values) => npyFile('<f4', shape, bytesOf(Float32Array.from(values)))),
  ],
  [
    'of big-endian floats from 0 to 255',
    withImages((shape, values) => npyFile('>f8', shape, bytesOf(Float64Array.from(values), true))),
  ],
  [
    'of floats from 0 to 1',
    withImages((shape, values) => npyFile('<f4', shape, bytesOf(Float32Array.from(values, (value) => value / 255)))),
  ],
  [
    'of floats from 0 to 1 of 64 bits in Fortran order',
    withImages((shape, values) => {
      const floats = Float64Array.from(fortranOrder(shape, values), (value) => value / 255);
      return npyFile('<f8', shape, bytesOf(floats), 'True');
    }),
  ],
  [
    'of floats of 16 bits from 0 to 255',
    withImages((shape, values) => npyFile('<f2', shape, bytesOf(Uint16Array.from(values, halfFloat)))),
  ],
  [
    'of big-endian floats of 16 bits from 0 to 1',
    withImages((shape, values) =>
      npyFile(
        '>f2',
        shape,
        bytesOf(
          Uint16Array.from(values, (value) => halfFloat(value / 255)),
          true,
        ),
      ),
    ),
  ],
  [
    'of integers of 64 bits from 0 to 255',
    withImages((shape, values) => npyFile('<i8', shape, bytesOf(BigInt64Array.from(values, BigInt)))),
  ],
  [
    'of big-endian integers of 16 bits from 0 to 255',
    withImages((shape, values) => npyFile('>u2', shape, bytesOf(Uint16Array.from(values), true))),
  ],
];

describe('a NumPy archive', () => {
  it.each(headers)('%s has the content of one of plain bytes', async (_, arrays) => {
    const { contentHash } = await loadArchive(npzArrays());
    expect((await loadArchive(arrays)).contentHash).toBe(contentHash);
  });

  it('of booleans has images of 0 and 255 and classes 0 and 1', async () => {
    const bits = (length: number, seed: number): Uint8Array => pattern(length, seed).map((value) => value & 1);
    const dataset = await loadArchive({
      'x_train.npy': npyFile('|b1', [4, 3, 3], bits(36, 0)),
      'y_train.npy': npyFile('|b1', [4], Buffer.of(0, 1, 0, 1)),
      'x_test.npy': npyFile('|b1', [2, 3, 3], bits(18, 1)),
      'y_test.npy': npyFile('|b1', [2], Buffer.of(1, 0)),
    });
    expect([...dataset.train.images]).toEqual([...bits(36, 0)].map((bit) => 255 * bit));
    expect([...dataset.train.labels, ...dataset.test.labels]).toEqual([0, 1, 0, 1, 1, 0]);
  });

  it('says what was done to its images, and nothing of bytes in C order', async () => {
    expect(await notesOf(npzArrays())).toEqual({ described: [], read: [] });
    const floats = withImages((shape, values) => {
      const scaled = Float32Array.from(fortranOrder(shape, values), (value) => value / 255);
      return npyFile('<f4', shape, bytesOf(scaled), 'True');
    });
    expect((await notesOf(floats)).read).toEqual([
      'set.npz/x_train.npy, set.npz/x_test.npy: floats of 32 bits from 0 to 1 were multiplied by 255 and rounded, ' +
        'Fortran order became C order.',
    ]);
  });

  it('whose labels count from 1 has them lowered, and says so', async () => {
    const arrays = withLabels((shape, values) =>
      npyFile(
        '|u1',
        shape,
        values.map((label) => label + 1),
      ),
    );
    const note =
      'The labels count from 1, so each is lowered by one; the classes keep the numbers of the files as their names.';
    expect(await notesOf(arrays)).toEqual({ described: [note], read: [note] });
    const { classes, train } = await loadArchive(arrays);
    expect({ classes, labels: train.labels }).toEqual({ classes: 3, labels: labels.train });
    const { name, access } = await writeArchive(arrays);
    expect((await findDataset(name, access)).trainingClasses).toEqual(
      ['1', '2', '3'].map((className) => ({ name: className, images: 3 })),
    );
  });

  it('may have 300 classes: label 299 stays 299', async () => {
    const wide = (count: number): Buffer => bytesOf(Uint16Array.from({ length: count }, (_, index) => index % 300));
    const { classes, train, test } = await loadArchive({
      'x_train.npy': npyFile('|u1', [600, 2, 2], pattern(2400)),
      'y_train.npy': npyFile('<u2', [600], wide(600)),
      'x_test.npy': npyFile('|u1', [300, 2, 2], pattern(1200, 5)),
      'y_test.npy': npyFile('<u2', [300], wide(300)),
    });
    expect({ classes, last: train.labels[599], tested: test.labels[299] }).toEqual({
      classes: 300,
      last: 299,
      tested: 299,
    });
  });
});

/** The arrays of MedMNIST: 6 training, 4 validation and 2 test images of 3 x 3, two classes, labels in a column. */
const medicalArrays: Files = {
  'train_images.npy': npyFile('|u1', [6, 3, 3], pattern(54)),
  'train_labels.npy': npyFile('|u1', [6, 1], cyclicLabels(6, 2)),
  'val_images.npy': npyFile('|u1', [4, 3, 3], pattern(36, 7)),
  'val_labels.npy': npyFile('|u1', [4, 1], cyclicLabels(4, 2)),
  'test_images.npy': npyFile('|u1', [2, 3, 3], pattern(18, 9)),
  'test_labels.npy': npyFile('|u1', [2, 1], cyclicLabels(2, 2)),
};

describe('an archive of MedMNIST', () => {
  it('has a validation split of its own, and says that candidates are ranked on it', async () => {
    const { name, access } = await writeArchive(medicalArrays);
    const { train, validation, test, classes } = await loadDataset(name, access);
    expect({ classes, counts: [train.count, validation?.count, test.count] }).toEqual({
      classes: 2,
      counts: [6, 4, 2],
    });
    expect([...(validation?.images ?? [])]).toEqual([...pattern(36, 7)]);
    expect(validation?.labels).toEqual(cyclicLabels(4, 2));
    const description = await findDataset(name, access);
    expect(description).toMatchObject({ trainingImages: 6, validationImages: 4, testImages: 2 });
    expect(datasetNotes(description)).toEqual([
      'npz:set.npz brings its own validation split of 4 images: candidates are ranked on it, and none of the training ' +
        'images are set aside.',
    ]);
  });

  it('counts its validation split as content', async () => {
    const { contentHash } = await loadArchive(medicalArrays);
    const without = Object.fromEntries(Object.entries(medicalArrays).filter(([name]) => !name.startsWith('val')));
    const other = { ...medicalArrays, 'val_images.npy': npyFile('|u1', [4, 3, 3], pattern(36, 8)) };
    const hashes = [contentHash, (await loadArchive(without)).contentHash, (await loadArchive(other)).contentHash];
    expect(new Set(hashes).size).toBe(3);
  });

  it('may be named as Keras names its arrays', async () => {
    const renamed = Object.entries(medicalArrays).map(([name, array]) => [
      name.replace(
        /^(train|val|test)_(images|labels)/,
        (_, part: string, what: string) => `${what === 'images' ? 'x' : 'y'}_${part}`,
      ),
      array,
    ]);
    const keras = await loadArchive(Object.fromEntries(renamed) as Files);
    expect(keras.contentHash).toBe((await loadArchive(medicalArrays)).contentHash);
  });
});
