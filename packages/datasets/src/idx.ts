import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

import { CompoundSearchError } from '@compound-search/contracts';

import type { ImageShape, LabelledImages } from './dataset.ts';

/** The content of an IDX file of unsigned bytes. */
export interface IdxArray {
  readonly dimensions: readonly number[];
  /** Row-major, one byte an element. A view of the file's bytes, not a copy. */
  readonly values: Uint8Array;
}

const unsignedByte = 0x08;
const gzipMagic = 0x1f8b;
/** Larger than any data set that fits a training graph; keeps a small malicious .gz from filling the memory. */
const maximumBytes = 2 ** 31;

function invalid(file: string, found: string, remedy: string, cause?: unknown): CompoundSearchError {
  return new CompoundSearchError('DATASET_INVALID', `${file}: ${found}`, {
    field: 'dataset',
    value: file,
    remedy,
    cause,
  });
}

const replaceFile = 'Fetch the file again: this copy is damaged or is not an IDX file.';

async function readBytes(file: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(file, `cannot be read: ${reason}`, 'Put the file in its place and make it readable.', cause);
  }
  if (bytes.length < 2 || bytes.readUInt16BE(0) !== gzipMagic) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: maximumBytes });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(file, `cannot be decompressed: ${reason}`, replaceFile, cause);
  }
}

function readHeader(file: string, bytes: Buffer): { rank: number; dimensions: number[] } {
  if (bytes.length < 4) {
    throw invalid(file, `an IDX file starts with 4 bytes, but it ends after ${bytes.length}.`, replaceFile);
  }
  const magic = bytes.subarray(0, 4).toString('hex');
  const [, , type = 0, rank = 0] = bytes;
  if (bytes.readUInt16BE(0) !== 0 || type !== unsignedByte || rank === 0) {
    const expected = '000008 and the number of dimensions';
    throw invalid(file, `the magic number of an IDX file of bytes is ${expected}, but it is ${magic}.`, replaceFile);
  }
  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    const message = `the header of ${rank} dimensions takes ${header} bytes, but the file ends after ${bytes.length}.`;
    throw invalid(file, message, replaceFile);
  }
  return { rank, dimensions: Array.from({ length: rank }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis)) };
}

/**
 * Reads an IDX file of unsigned bytes, the format of MNIST (http://yann.lecun.com/exdb/mnist/); one that is gzipped is
 * decompressed, whatever its name.
 *
 * @throws CompoundSearchError DATASET_INVALID for a file that is missing, cut, too long or not of this format.
 */
export async function readIdx(file: string): Promise<IdxArray> {
  const bytes = await readBytes(file);
  const { rank, dimensions } = readHeader(file, bytes);
  const header = 4 + 4 * rank;
  const expected = dimensions.reduce((product, dimension) => product * dimension, 1);
  const found = bytes.length - header;
  if (found !== expected) {
    const shape = dimensions.join(' x ');
    const message = `the header announces ${shape} = ${expected} bytes, but ${found} follow it.`;
    throw invalid(file, message, replaceFile);
  }
  return { dimensions, values: bytes.subarray(header) };
}

function imageShape(file: string, dimensions: readonly number[]): ImageShape {
  const [count = 0, height = 0, width = 0, channels = 1] = dimensions;
  const remedy = 'Name a file of images here, [count, height, width] or [count, height, width, channels].';
  if (dimensions.length !== 3 && dimensions.length !== 4) {
    throw invalid(file, `images have 3 or 4 dimensions, but the file has ${dimensions.length}.`, remedy);
  }
  if (count * height * width * channels === 0) {
    throw invalid(file, `it holds no pixels: its dimensions are ${dimensions.join(' x ')}.`, remedy);
  }
  return { height, width, channels };
}

/**
 * Reads an IDX file of images, [count, height, width] or [count, height, width, channels], and the IDX file of their
 * labels, [count].
 *
 * @throws CompoundSearchError DATASET_INVALID where either cannot be read, the counts differ, or a label is not below
 * `classes`.
 */
export async function readIdxImages(
  imagesFile: string,
  labelsFile: string,
  classes: number,
): Promise<LabelledImages & { readonly image: ImageShape }> {
  const [images, labels] = await Promise.all([readIdx(imagesFile), readIdx(labelsFile)]);
  const image = imageShape(imagesFile, images.dimensions);
  if (labels.dimensions.length !== 1) {
    const message = `labels have 1 dimension, but the file has ${labels.dimensions.length}.`;
    throw invalid(labelsFile, message, 'Name the file of labels here.');
  }
  const [count = 0] = images.dimensions;
  const [labelCount = 0] = labels.dimensions;
  if (labelCount !== count) {
    const message = `${labelCount} labels do not fit the ${count} images of ${imagesFile}.`;
    throw invalid(labelsFile, message, 'Use the images and the labels of the same split.');
  }
  const outside = labels.values.findIndex((label) => label >= classes);
  if (outside >= 0) {
    const message = `labels go from 0 to ${classes - 1}, but that of image ${outside} is ${labels.values[outside]}.`;
    throw invalid(labelsFile, message, 'Use the labels that belong to these classes.');
  }
  return { count, image, images: images.values, labels: labels.values };
}
