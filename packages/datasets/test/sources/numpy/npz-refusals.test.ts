import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { findDataset, loadDataset } from '../../../src/index.ts';
import { bytesOf, loadArchive, pixels, shapes, withImages, withLabels, writeArchive } from '../../written-archives.ts';
import {
  type Files,
  npyFile,
  npyOf,
  npzArrays,
  pattern,
  refusal,
  temporaryData,
  zipFile,
} from '../../written-datasets.ts';

const structured = npyOf(`{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (9,), }`, pattern(36));
function floats(values: readonly number[]) {
  return withImages((shape, { length }) =>
    npyFile('<f4', shape, bytesOf(Float32Array.from({ length }, (_, index) => values[index % values.length] ?? 0))),
  );
}

/** What must be refused: the arrays, the sentence and what the remedy names. */
const refused: readonly (readonly [string, Files, string, string])[] = [
  [
    'images with the channels first',
    { ...npzArrays(), 'x_train.npy': npyFile('|u1', [9, 3, 16, 16], pattern(6912)) },
    'set.npz/x_train.npy: its shape (9, 3, 16, 16) has the channels first.',
    'Save np.transpose(x, (0, 2, 3, 1))',
  ],
  [
    'grey images with the channel first',
    { ...npzArrays(), 'x_train.npy': npyFile('|u1', [9, 1, 28, 28], pattern(7056)) },
    'set.npz/x_train.npy: its shape (9, 1, 28, 28) has the channels first.',
    'Save np.transpose(x, (0, 2, 3, 1))',
  ],
  [
    'images that come last, as in SVHN',
    { ...npzArrays(), 'x_train.npy': npyFile('|u1', [16, 16, 3, 9], pattern(6912)) },
    'set.npz/x_train.npy: its shape (16, 16, 3, 9) has the images last.',
    'Save np.transpose(x, (3, 0, 1, 2))',
  ],
  [
    'images of 16 channels',
    { ...npzArrays(), 'x_train.npy': npyFile('|u1', [9, 8, 8, 16], pattern(9216)) },
    'set.npz/x_train.npy: its images have 16 channels, but 1, 3 and 4 are usual.',
    'put ?channels=16 after the name',
  ],
  [
    'images of 2 channels',
    { ...npzArrays(), 'x_train.npy': npyFile('|u1', [9, 8, 8, 2], pattern(1152)) },
    'set.npz/x_train.npy: its images have 2 channels, but 1, 3 and 4 are usual.',
    'put ?channels=2 after the name',
  ],
  [
    'images that were normalized',
    floats([-1.5, 0, 2.25]),
    'set.npz/x_train.npy: its values are floats of 32 bits from -1.5 to 2.25, neither 0 to 255 nor floats from 0 to 1.',
    'before they were normalized',
  ],
  [
    'floats that are neither 0 to 1 nor 0 to 255',
    floats([0, 0.5, 16]),
    'set.npz/x_train.npy: its values are floats of 32 bits from 0 to 16, neither 0 to 255 nor floats from 0 to 1.',
    'uint8 from 0 to 255',
  ],
  [
    'floats that are no numbers',
    floats([0, Number.NaN]),
    'set.npz/x_train.npy: its values are floats of 32 bits from NaN to NaN, neither 0 to 255 nor floats from 0 to 1.',
    'uint8 from 0 to 255',
  ],
  [
    'integers beyond 255',
    withImages((shape, values) => npyFile('<u2', shape, bytesOf(Uint16Array.from(values, (value) => 257 * value)))),
    'set.npz/x_train.npy: its values are integers without sign of 16 bits from 0 to 65535, neither',
    'uint8 from 0 to 255',
  ],
  [
    'a training part from 0 to 1 and a test from 0 to 255',
    {
      ...withImages((shape, values) =>
        npyFile('<f4', shape, bytesOf(Float32Array.from(values, (value) => value / 255))),
      ),
      'x_test.npy': npyFile('|u1', shapes.test, pixels.test),
    },
    'set.npz/x_test.npy: its values are from 0 to 255, those of set.npz/x_train.npy from 0 to 1.',
    'one range',
  ],
  [
    'images that are all of one value',
    withImages((shape, { length }) => npyFile('|u1', shape, Buffer.alloc(length, 7))),
    'npz:set.npz: every value of every image is 7, so nothing is to be seen.',
    'how the images were written',
  ],
  [
    'labels that are all the same',
    withLabels((shape, { length }) => npyFile('|u1', shape, Buffer.alloc(length, 2))),
    'npz:set.npz: all training images are of class "2", so nothing is to be told apart.',
    'at least two classes',
  ],
  [
    'several labels an image, as in ChestMNIST',
    { ...npzArrays(), 'y_train.npy': npyFile('|u1', [9, 14], Buffer.alloc(126)) },
    'set.npz/y_train.npy: labels are integers of shape (count) or (count, 1), but it holds |u1 of shape (9, 14).',
    'not several labels',
  ],
  [
    'labels between whole numbers',
    withLabels((shape, values) => npyFile('<f4', shape, bytesOf(Float32Array.from(values, (value) => value / 2)))),
    'set.npz/y_train.npy: labels are whole numbers from 0 to 65535, but that of image 1 is 0.5.',
    'Number the classes from 0',
  ],
  [
    'labels beyond 16 bits',
    withLabels((shape, values) => npyFile('<i4', shape, bytesOf(Int32Array.from(values, (value) => value * 65_536)))),
    'set.npz/y_train.npy: labels are whole numbers from 0 to 65535, but that of image 1 is 65536.',
    'Number the classes from 0',
  ],
  [
    'text as labels',
    { ...npzArrays(), 'y_train.npy': npyFile('<U3', [9], pattern(108)) },
    'set.npz/y_train.npy: labels are integers of shape (count) or (count, 1), but it holds <U3 of shape (9).',
    'no text',
  ],
  [
    'objects as images',
    { ...npzArrays(), 'x_train.npy': npyFile('|O', [9, 4, 5, 3], pattern(90)) },
    'set.npz/x_train.npy: images are integers or floats of at most 64 bits, but it holds |O.',
    'uint8 from 0 to 255',
  ],
  [
    'records as labels',
    { ...npzArrays(), 'y_train.npy': structured },
    'set.npz/y_train.npy: its header does not have the element type, the order and the shape of one array of numbers.',
    'numpy.savez',
  ],
  [
    'a validation split without labels',
    { ...npzArrays(), 'x_val.npy': npyFile('|u1', [9, 4, 5, 3], pattern(540)) },
    'set.npz: y_val.npy is missing.',
    'a validation split has both arrays or none',
  ],
  [
    'none of the arrays',
    { 'arr_0.npy': npyFile('|u1', [9, 4, 5, 3], pattern(540)) },
    'set.npz: x_train.npy is missing; y_train.npy is missing; x_test.npy is missing; y_test.npy is missing.',
    'train_images',
  ],
];

describe('a NumPy archive that could be misread', () => {
  it.each(refused)('of %s is refused', async (_, arrays, sentence, remedy) => {
    const { name, access } = await writeArchive(arrays);
    const error = await refusal(name, loadDataset(name, access));
    expect(error.code).toBe('DATASET_INVALID');
    expect(error.message.slice(0, sentence.length)).toBe(sentence);
    expect(error.remedy).toContain(remedy);
  });

  it('is taken with as many channels as are asked for', async () => {
    const arrays = {
      ...npzArrays(),
      'x_train.npy': npyFile('|u1', [9, 8, 8, 16], pattern(9216)),
      'x_test.npy': npyFile('|u1', [6, 8, 8, 16], pattern(6144, 3)),
    };
    expect((await loadArchive(arrays, '?channels=16')).image).toEqual({ height: 8, width: 8, channels: 16 });
    const { name, access } = await writeArchive(npzArrays(), '?channels=16');
    const { message, remedy } = await refusal(name, findDataset(name, access));
    expect(message).toBe('set.npz/x_train.npy: its images have 3 channels, not the 16 that are asked for.');
    expect(remedy).toContain('?channels=3');
    const first = await writeArchive(
      { ...npzArrays(), 'x_train.npy': npyFile('|u1', [9, 16, 8, 8], pattern(9216)) },
      '?channels=16',
    );
    expect((await refusal(first.name, findDataset(first.name, first.access))).message).toContain('channels first');
  });

  it.each(['?channels=', '?channels=0', '?channels=three', '?channels=3&channels=3', '?size=8'])(
    'is refused with the option %s',
    async (options) => {
      const { name, access } = await writeArchive(npzArrays(), options);
      expect((await refusal(name, findDataset(name, access))).code).toBe('DATASET_INVALID');
    },
  );

  it('that claims more than 2 GiB is called too large, not damaged', async () => {
    const { access, dataRoot } = await temporaryData();
    const archive = zipFile(Object.entries(npzArrays()));
    // Both sizes of the first entry, in its header in the directory.
    const directory = archive.indexOf('PK\u0001\u0002');
    archive.writeUInt32LE(2 ** 31 + 1, directory + 20);
    archive.writeUInt32LE(2 ** 31 + 1, directory + 24);
    await writeFile(join(dataRoot, 'large.npz'), archive);
    const { message, remedy } = await refusal('npz:large.npz', findDataset('npz:large.npz', access));
    expect(message).toBe('large.npz/x_train.npy takes 2,147,483,649 bytes; at most 2 GiB are supported.');
    expect(remedy).toBe('Use smaller images or fewer of them, each value as one byte.');
  });
});
