import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { cacheFolder } from '@compound-search/cache-folder';

import { readEntry } from '../../data-root.ts';
import type { ImageShape, LabelledImages } from '../../dataset.ts';
import { datasetFault, listFaults, quoted } from '../../dataset-fault.ts';
import { type Labels, packLabels } from '../../labels.ts';
import { mapParts, type Parts } from '../../parts.ts';
import { requireSize } from '../../size-limit.ts';
import type { DatasetSource, SourceImages, SourceOutline, SourceRequest } from '../source.ts';
import { decodeImage, decoderVersion } from './decode-image.ts';
import { filesOf, type FolderListing, listImages } from './folder-listing.ts';
import { forEachAtOnce } from './for-each-at-once.ts';
import { requireImageFormat, signatureBytes } from './image-format.ts';
import { hasPixels, readPixels, writePixels } from './pixel-cache.ts';

const form = 'folder:<folder>?size=<pixels>';
const largestSide = 1024;

/** A side in pixels, or both: `32`, `48x64`; the height first. */
const sizePattern = /^(?<height>[1-9]\d{0,3})(?:x(?<width>[1-9]\d{0,3}))?$/;

function parseShape(options: ReadonlyMap<string, string>): ImageShape | undefined {
  const sides = sizePattern.exec(options.get('size') ?? '')?.groups;
  const channels = options.get('channels') ?? '3';
  if (sides === undefined || !['1', '3'].includes(channels)) return undefined;
  const height = Number(sides['height']);
  const width = Number(sides['width'] ?? height);
  return Math.max(height, width) <= largestSide ? { height, width, channels: Number(channels) } : undefined;
}

function requireShape({ dataset, options }: SourceRequest): ImageShape {
  const shape = parseShape(options);
  if (shape !== undefined) return shape;
  const message = `${quoted(dataset)} does not say to which size its images are brought.`;
  throw datasetFault(dataset, message, {
    remedy:
      `Write ?size=32, or ?size=<height>x<width>, each from 1 to ${largestSide}, after the folder; ` +
      '&channels=1 makes the images grey.',
  });
}

function requireMemory(listing: FolderListing, { height, width, channels }: ImageShape): void {
  const bytes = filesOf(listing).length * height * width * channels;
  requireSize(`${quoted(listing.folder.name)} at ${height} x ${width} x ${channels}`, bytes);
}

/** Changes whenever a file, the shape or the decoder does. The time of change is part of it: it cannot be set back. */
function cacheKey(listing: FolderListing, shape: ImageShape): string {
  const { train, test, validation } = listing.parts;
  const counts = [train.length, test.length, ...(validation === undefined ? [] : [validation.length])];
  const hash = createHash('sha256').update(JSON.stringify([1, decoderVersion, shape, ...counts]));
  for (const { file, label } of filesOf(listing)) {
    const { size, mtimeNs, ctimeNs, ino, dev } = file.stats;
    const name = file.name.slice(listing.folder.name.length);
    hash.update(JSON.stringify([name, label, ...[size, mtimeNs, ctimeNs, ino, dev].map(String)]));
  }
  return hash.digest('hex');
}

function refuseFiles({ folder }: FolderListing, faults: ReadonlyMap<number, string>): void {
  if (faults.size === 0) return;
  const inOrder = [...faults].sort(([one], [other]) => one - other).map(([, fault]) => fault);
  const message = `${quoted(folder.name)} has ${faults.size} files that are no usable images: ${listFaults(inOrder)}.`;
  throw datasetFault(folder.name, message, {
    remedy:
      'Replace or remove these files, or convert them to PNG, as ImageMagick does with: magick mogrify -format png *.bmp.',
  });
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().replaceAll(/\s+/g, ' ');
}

/** Enough to keep every core busy while files are read. */
const atOnce = 2 * availableParallelism();

async function requireSignatures(listing: FolderListing): Promise<void> {
  const faults = new Map<number, string>();
  await forEachAtOnce(filesOf(listing), atOnce, async ({ file }, index) => {
    try {
      requireImageFormat(await readEntry(file, signatureBytes));
    } catch (error) {
      faults.set(index, `${quoted(file.name)} (${oneLine(error)})`);
    }
  });
  refuseFiles(listing, faults);
}

async function decodeAll(
  listing: FolderListing,
  shape: ImageShape,
  { onProgress }: SourceRequest,
): Promise<Uint8Array> {
  const files = filesOf(listing);
  const size = shape.height * shape.width * shape.channels;
  const pixels = new Uint8Array(files.length * size);
  const faults = new Map<number, string>();
  let done = 0;
  await forEachAtOnce(files, atOnce, async ({ file }, index) => {
    try {
      pixels.set(await decodeImage(await readEntry(file), shape), index * size);
    } catch (error) {
      faults.set(index, `${quoted(file.name)} (${oneLine(error)})`);
    }
    onProgress?.(++done, files.length);
  });
  refuseFiles(listing, faults);
  return pixels;
}

function labelsOf({ classNames, parts }: FolderListing): Parts<Labels> {
  return mapParts(parts, (files) =>
    packLabels(
      files.map(({ label }) => label),
      classNames.length,
    ),
  );
}

interface Prepared {
  readonly shape: ImageShape;
  readonly listing: FolderListing;
  readonly cache: { readonly folder: string; readonly key: string };
}

async function prepare(request: SourceRequest): Promise<Prepared> {
  const shape = requireShape(request);
  const listing = await listImages(request.root, request.path);
  requireMemory(listing, shape);
  const cache = { folder: request.cacheFolder ?? join(cacheFolder(), 'datasets'), key: cacheKey(listing, shape) };
  return { shape, listing, cache };
}

async function describe(request: SourceRequest): Promise<SourceOutline> {
  const { shape, listing, cache } = await prepare(request);
  // What is in the cache was decoded, so its files need no second look.
  if (!(await hasPixels(cache.folder, cache.key))) await requireSignatures(listing);
  return { image: shape, classNames: listing.classNames, labels: labelsOf(listing), notes: [] };
}

async function decodeIntoCache({ shape, listing, cache }: Prepared, request: SourceRequest): Promise<Uint8Array> {
  const pixels = await decodeAll(listing, shape, request);
  await writePixels(cache.folder, cache.key, pixels);
  return pixels;
}

async function load(request: SourceRequest): Promise<SourceImages> {
  const prepared = await prepare(request);
  const { shape, listing, cache } = prepared;
  const size = shape.height * shape.width * shape.channels;
  const length = filesOf(listing).length * size;
  const pixels = (await readPixels(cache.folder, cache.key, length)) ?? (await decodeIntoCache(prepared, request));
  let start = 0;
  const parts = mapParts(labelsOf(listing), (labels): LabelledImages => {
    const images = pixels.subarray(start, start + labels.length * size);
    start += images.length;
    return { count: labels.length, images, labels };
  });
  return { image: shape, classNames: listing.classNames, parts, notes: [] };
}

/** Image files in one folder a class. */
export const folderSource: DatasetSource = {
  prefix: 'folder',
  form,
  summary: 'PNG, JPEG, WebP, GIF and TIFF files in one folder a class, below train and test or split one in five',
  optionNames: ['size', 'channels'],
  describe,
  load,
};
