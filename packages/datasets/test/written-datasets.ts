import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';

import { CompoundSearchError } from '@compound-search/contracts';
import sharp from 'sharp';
import { expect, onTestFinished } from 'vitest';

/** Files of a data set by their path in its folder. */
export type Files = Record<string, Buffer>;

/** A data root and a cache folder of the calling test's own. */
export async function temporaryData() {
  const folder = await mkdtemp(join(tmpdir(), 'datasets-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [dataRoot, cacheFolder] = [join(folder, 'root'), join(folder, 'cache')];
  await mkdir(dataRoot);
  const write = async (base: string, files: Files): Promise<void> => {
    for (const [name, content] of Object.entries(files)) {
      const path = join(dataRoot, base, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
  };
  return { folder, dataRoot, cacheFolder, access: { dataRoot, cacheFolder }, write };
}

/** The error of something that must be refused, checked for what every refusal has. */
export async function refusal(dataset: string, outcome: Promise<unknown>): Promise<CompoundSearchError> {
  const error: unknown = await outcome.then(
    () => new Error(`${dataset} was accepted.`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CompoundSearchError))
    throw new Error(`${dataset} was not refused as it should.`, { cause: error });
  expect(['DATASET_INVALID', 'UNKNOWN_DATASET']).toContain(error.code);
  expect(error.field).toBe('dataset');
  expect(error.value).toBe(dataset);
  expect(error.message).toMatch(/^[^\p{Cc}]{10,1500}\.$/u);
  expect(error.remedy).toMatch(/\.$/);
  return error;
}

/** An IDX file of bytes. */
export function idxFile(dimensions: readonly number[], values: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.writeUInt8(8, 2);
  header.writeUInt8(dimensions.length, 3);
  dimensions.forEach((dimension, axis) => header.writeUInt32BE(dimension, 4 + 4 * axis));
  return Buffer.concat([header, values]);
}

/** Bytes that differ from place to place. */
export function pattern(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 37 + seed * 101 + (index >> 5)) & 0xff);
}

/** Labels 0, 1, ... classes - 1, and again. */
export function cyclicLabels(count: number, classes: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) => index % classes);
}

/** The four files of an IDX data set of 3 classes: 9 training and 6 test images of 4 x 5. */
export function idxFiles(): Files {
  return {
    'train-images-idx3-ubyte': idxFile([9, 4, 5], pattern(180)),
    'train-labels-idx1-ubyte': idxFile([9], cyclicLabels(9, 3)),
    't10k-images-idx3-ubyte': idxFile([6, 4, 5], pattern(120, 1)),
    't10k-labels-idx1-ubyte': idxFile([6], cyclicLabels(6, 3)),
  };
}

/** CIFAR records: the label bytes of each image before its 3,072 bytes, all of image i being `pattern(3072, seed + i)`. */
export function cifarRecords(labels: readonly (readonly number[])[], seed = 0): Buffer {
  return Buffer.concat(labels.flatMap((label, index) => [Buffer.from(label), pattern(3072, seed + index)]));
}

/** The files of CIFAR-10, with ten images each. */
export function cifar10Files(): Files {
  const ten = Array.from({ length: 10 }, (_, label) => [label]);
  const names = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch'];
  return Object.fromEntries(names.map((name, index) => [`${name}.bin`, cifarRecords(ten, 10 * index)]));
}

/** The files of CIFAR-100, with two training images and a test image of every class. */
export function cifar100Files(): Files {
  const hundred = Array.from({ length: 100 }, (_, label) => [Math.floor(label / 5), label]);
  return { 'train.bin': cifarRecords([...hundred, ...hundred]), 'test.bin': cifarRecords(hundred, 7) };
}

/** An array's shape as Python writes a tuple; Python 2 put an L behind long numbers. */
export function tuple(shape: readonly number[], suffix = ''): string {
  const sizes = shape.map((size) => `${size}${suffix}`);
  return `(${sizes.join(', ')}${shape.length === 1 ? ',' : ''})`;
}

/** A .npy file of format 1.0 as NumPy writes it. */
export function npyFile(type: string, shape: readonly number[], values: Uint8Array, order = 'False'): Buffer {
  return npyOf(`{'descr': '${type}', 'fortran_order': ${order}, 'shape': ${tuple(shape)}, }`, values);
}

/** A .npy file of format 1.0 with that header, which is padded to a multiple of 64 bytes as NumPy does. */
export function npyOf(dictionary: string, values: Uint8Array): Buffer {
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const size = Buffer.alloc(2);
  size.writeUInt16LE(length);
  const header = Buffer.from(dictionary.padEnd(length - 1) + '\n', 'latin1');
  return Buffer.concat([Buffer.from('\u0093NUMPY\u0001\u0000', 'latin1'), size, header, values]);
}

/** A zip archive whose entries are stored, as numpy.savez writes them; format of PKWARE's APPNOTE 6.3. */
export function zipFile(entries: readonly (readonly [string, Buffer])[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of entries) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), content]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\u0001\u0002\u0014\u0000'), common, rest, Buffer.from(name));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006'), end]);
}

/** The arrays of an archive of 3 classes: 9 training and 6 test images of 4 x 5 x 3. */
export function npzArrays(): Record<string, Buffer> {
  return {
    'x_train.npy': npyFile('|u1', [9, 4, 5, 3], pattern(540)),
    'y_train.npy': npyFile('|u1', [9], cyclicLabels(9, 3)),
    'x_test.npy': npyFile('|u1', [6, 4, 5, 3], pattern(360, 1)),
    'y_test.npy': npyFile('|u1', [6], cyclicLabels(6, 3)),
  };
}

export type Colour = readonly [red: number, green: number, blue: number];

/** An image of one colour. */
export async function flatImage(format: 'png' | 'jpeg' | 'webp', [r, g, b]: Colour, side = 12): Promise<Buffer> {
  const image = sharp({ create: { width: side, height: side, channels: 3, background: { r, g, b } } });
  if (format === 'png') return image.png().toBuffer();
  return format === 'jpeg' ? image.jpeg({ quality: 100 }).toBuffer() : image.webp({ lossless: true }).toBuffer();
}

/** Image files of 3 classes in all three formats: five of each class, below `under`. */
export async function imageFiles(under = '', perClass = 5): Promise<Files> {
  const files: Files = {};
  for (const [label, name] of ['ash', 'birch', 'cedar'].entries()) {
    for (let index = 0; index < perClass; index++) {
      const format = (['png', 'jpeg', 'webp'] as const)[index % 3] ?? 'png';
      files[`${under}${name}/${index}.${format}`] = await flatImage(format, [80 * label, 20 * index, 200]);
    }
  }
  return files;
}
