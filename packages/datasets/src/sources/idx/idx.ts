import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, gunzip } from 'node:zlib';

import type { CompoundSearchError } from '@compound-search/contracts';

import type { ImageShape, LabelledImages } from '../../dataset.ts';
import { datasetFault } from '../../dataset-fault.ts';
import { requireImageStack } from '../../image-stack.ts';
import { maximumBytes, tooLarge } from '../../size-limit.ts';

/** The content of an IDX file of unsigned bytes. */
export interface IdxArray {
  readonly dimensions: readonly number[];
  /** Row-major, one byte an element. A view of the file's bytes, not a copy. */
  readonly values: Uint8Array;
}

const unsignedByte = 0x08;
const gzipMagic = 0x1f8b;

function invalid(file: string, found: string, remedy: string, cause?: unknown): CompoundSearchError {
  return datasetFault(file, `${file}: ${found}`, { remedy, cause });
}

const replaceFile = 'Fetch the file again: this copy is damaged or is not an IDX file.';

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw invalid(
      file,
      `cannot be read: ${reasonOf(cause)}.`,
      'Put the file in its place and make it readable.',
      cause,
    );
  }
}

function isGzipped(bytes: Buffer): boolean {
  return bytes.length >= 2 && bytes.readUInt16BE(0) === gzipMagic;
}

/** Whether the output of zlib went beyond its limit. */
function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

async function decompressed(file: string, bytes: Buffer, partly = false): Promise<Buffer> {
  if (!isGzipped(bytes)) return bytes;
  const options = partly ? { finishFlush: constants.Z_SYNC_FLUSH } : {};
  try {
    return await promisify(gunzip)(bytes, { ...options, maxOutputLength: maximumBytes });
  } catch (cause) {
    if (isTooLong(cause)) throw tooLarge(file, 'takes more once it is decompressed');
    throw invalid(file, `cannot be decompressed: ${reasonOf(cause)}.`, replaceFile, cause);
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

function requireLength(file: string, dimensions: readonly number[], found: number): void {
  const expected = dimensions.reduce((product, dimension) => product * dimension, 1);
  if (found === expected) return;
  const message = `the header announces ${dimensions.join(' x ')} = ${expected} bytes, but ${found} follow it.`;
  throw invalid(file, message, replaceFile);
}

/**
 * The array in the bytes of an IDX file, gzipped or not; `file` is its name in messages.
 *
 * @throws CompoundSearchError DATASET_INVALID for bytes that are cut, too many or not of this format.
 */
export async function parseIdx(file: string, bytes: Buffer): Promise<IdxArray> {
  const content = await decompressed(file, bytes);
  const { rank, dimensions } = readHeader(file, content);
  const values = content.subarray(4 + 4 * rank);
  requireLength(file, dimensions, values.length);
  return { dimensions, values };
}

/** Bytes from the beginning of an IDX file, plain or gzipped, that are certain to hold its header. */
export const idxHeadBytes = 8192;

/**
 * The dimensions of an IDX file, from its first bytes. `size` is that of the whole file: one that is not gzipped must
 * have the length that its header announces.
 *
 * @throws CompoundSearchError DATASET_INVALID
 */
export async function parseIdxHead(file: string, head: Buffer, size: number): Promise<readonly number[]> {
  const { rank, dimensions } = readHeader(file, await decompressed(file, head, true));
  if (!isGzipped(head)) requireLength(file, dimensions, size - 4 - 4 * rank);
  return dimensions;
}

/**
 * Reads an IDX file of unsigned bytes, the format of MNIST (http://yann.lecun.com/exdb/mnist/); one that is gzipped is
 * decompressed, whatever its name.
 *
 * @throws CompoundSearchError DATASET_INVALID for a file that is missing, cut, too long or not of this format.
 */
export async function readIdx(file: string): Promise<IdxArray> {
  return parseIdx(file, await readBytes(file));
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
  const { count, image } = requireImageStack(imagesFile, images.dimensions);
  requireIdxLabels({ file: labelsFile, dimensions: labels.dimensions }, { file: imagesFile, count });
  const outside = labels.values.findIndex((label) => label >= classes);
  if (outside >= 0) {
    const message = `labels go from 0 to ${classes - 1}, but that of image ${outside} is ${labels.values[outside]}.`;
    throw invalid(labelsFile, message, 'Use the labels that belong to these classes.');
  }
  return { count, image, images: images.values, labels: labels.values };
}

/**
 * Checks that an IDX file has one dimension, and as many labels as there are images.
 *
 * @throws CompoundSearchError DATASET_INVALID
 */
export function requireIdxLabels(
  labels: { readonly file: string; readonly dimensions: readonly number[] },
  images: { readonly file: string; readonly count: number },
): void {
  if (labels.dimensions.length !== 1) {
    const message = `labels have 1 dimension, but the file has ${labels.dimensions.length}.`;
    throw invalid(labels.file, message, 'Name the file of labels here.');
  }
  const [count = 0] = labels.dimensions;
  if (count === images.count) return;
  const message = `${count} labels do not fit the ${images.count} images of ${images.file}.`;
  throw invalid(labels.file, message, 'Use the images and the labels of the same split.');
}
