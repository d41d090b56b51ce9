import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { CompoundSearchError } from '@compound-search/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readIdx, readIdxImages } from '../../../src/index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'idx-'));
});
afterAll(() => rm(folder, { recursive: true }));

function idx(dimensions: readonly number[], values: readonly number[], type = 0x08): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.writeUInt8(type, 2);
  header.writeUInt8(dimensions.length, 3);
  dimensions.forEach((dimension, axis) => header.writeUInt32BE(dimension, 4 + 4 * axis));
  return Buffer.concat([header, Buffer.from(values)]);
}

let files = 0;
async function write(content: Buffer): Promise<string> {
  const file = join(folder, `${files++}-idx`);
  await writeFile(file, content);
  return file;
}

async function refusal(reading: Promise<unknown>): Promise<CompoundSearchError> {
  const error: unknown = await reading.catch((reason: unknown) => reason);
  if (!(error instanceof CompoundSearchError)) throw new Error('It was not refused.', { cause: error });
  expect(error.code).toBe('DATASET_INVALID');
  expect(error.field).toBe('dataset');
  expect(error.remedy).toMatch(/\.$/);
  return error;
}

describe('reading an IDX file', () => {
  it('gives back the dimensions and bytes that were written, plain or gzipped', async () => {
    const array = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }).chain((dimensions) => {
      const size = dimensions.reduce((product, dimension) => product * dimension, 1);
      return fc.record({
        dimensions: fc.constant(dimensions),
        values: fc.array(fc.nat({ max: 255 }), { minLength: size, maxLength: size }),
        zipped: fc.boolean(),
      });
    });
    await fc.assert(
      fc.asyncProperty(array, async ({ dimensions, values, zipped }) => {
        const content = idx(dimensions, values);
        const read = await readIdx(await write(zipped ? gzipSync(content) : content));
        expect(read.dimensions).toEqual(dimensions);
        expect([...read.values]).toEqual(values);
      }),
      { numRuns: 50 },
    );
  });

  it('names a file that is missing', async () => {
    const file = join(folder, 'absent');
    const error = await refusal(readIdx(file));
    expect(error.value).toBe(file);
    expect(error.message).toContain(`${file}: cannot be read: ENOENT`);
  });

  it('says how many bytes were announced and found where a file is cut or too long', async () => {
    const whole = idx([2, 3], [1, 2, 3, 4, 5, 6]);
    const cut = await refusal(readIdx(await write(whole.subarray(0, -1))));
    expect(cut.message).toContain('announces 2 x 3 = 6 bytes, but 5 follow');
    const long = await refusal(readIdx(await write(Buffer.concat([whole, Buffer.of(7)]))));
    expect(long.message).toContain('announces 2 x 3 = 6 bytes, but 7 follow');
  });

  it('refuses every file that ends early', async () => {
    const whole = idx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]);
    for (let length = 0; length < whole.length; length++)
      await refusal(readIdx(await write(whole.subarray(0, length))));
  });

  it('refuses dimensions whose product is beyond all memory without reserving any', async () => {
    const error = await refusal(readIdx(await write(idx([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], [1]))));
    expect(error.message).toContain('4294967295 x 4294967295 x 4294967295');
  });

  it('shows the magic number of a file that is no IDX file of bytes', async () => {
    const text = await refusal(readIdx(await write(Buffer.from('<!DOCTYPE html>'))));
    expect(text.message).toContain('but it is 3c21444f');
    const floats = await refusal(readIdx(await write(idx([1], [0, 0, 0, 0], 0x0d))));
    expect(floats.message).toContain('but it is 00000d01');
    await refusal(readIdx(await write(idx([], []))));
  });

  it('refuses a gzipped file that is cut or damaged', async () => {
    const zipped = gzipSync(idx([100], new Array<number>(100).fill(3)));
    const cut = await refusal(readIdx(await write(zipped.subarray(0, -4))));
    expect(cut.message).toContain('cannot be decompressed: unexpected end of file');
    const damaged = Buffer.from(zipped);
    damaged.writeUInt8(damaged.readUInt8(damaged.length - 6) ^ 1, damaged.length - 6);
    expect((await refusal(readIdx(await write(damaged)))).message).toContain('incorrect data check');
  });
});

describe('reading images with their labels', () => {
  const images = idx([2, 1, 2], [10, 20, 30, 40]);
  const labels = idx([2], [0, 2]);

  it('gives shape, pixels and labels, with one channel where the file has no axis for them', async () => {
    const read = await readIdxImages(await write(images), await write(labels), 3);
    expect(read.image).toEqual({ height: 1, width: 2, channels: 1 });
    expect(read.count).toBe(2);
    expect([...read.images]).toEqual([10, 20, 30, 40]);
    expect([...read.labels]).toEqual([0, 2]);
  });

  it('takes the channels from a fourth dimension', async () => {
    const colour = await write(idx([2, 1, 1, 3], [1, 2, 3, 4, 5, 6]));
    const read = await readIdxImages(colour, await write(labels), 3);
    expect(read.image).toEqual({ height: 1, width: 1, channels: 3 });
  });

  it('refuses counts that differ, naming both files', async () => {
    const imagesFile = await write(images);
    const labelsFile = await write(idx([3], [0, 1, 2]));
    const error = await refusal(readIdxImages(imagesFile, labelsFile, 3));
    expect(error.message).toContain(`${labelsFile}: 3 labels do not fit the 2 images of ${imagesFile}`);
  });

  it('refuses a label that is no class, naming the image', async () => {
    const error = await refusal(readIdxImages(await write(images), await write(labels), 2));
    expect(error.message).toContain('labels go from 0 to 1, but that of image 1 is 2');
  });

  it('refuses images and labels that are swapped, and images without pixels', async () => {
    const swapped = await refusal(readIdxImages(await write(labels), await write(images), 3));
    expect(swapped.message).toContain('images have 3 or 4 dimensions, but its shape is (2)');
    const unlabelled = await refusal(readIdxImages(await write(images), await write(images), 3));
    expect(unlabelled.message).toContain('labels have 1 dimension, but the file has 3');
    const empty = await refusal(readIdxImages(await write(idx([2, 0, 2], [])), await write(labels), 3));
    expect(empty.message).toContain('it holds no pixels: its shape is (2, 0, 2)');
  });
});
