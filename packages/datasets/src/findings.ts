import { hash } from 'node:crypto';

import { countOf } from './class-sizes.ts';
import { type Dataset, type ImageShape, type LabelledImages, partsOf } from './dataset.ts';
import { datasetFault } from './dataset-fault.ts';
import { listParts, partLabels } from './parts.ts';

/** What only reading all images of a data set shows. */
export interface DatasetFindings {
  /** As {@link Dataset} has it. */
  readonly contentHash: string;
  /** What a person should know, a sentence or two each. */
  readonly notes: readonly string[];
}

/** The smallest and the largest value, as far as they matter: looking ends where they lie `enough` apart. */
function rangeOf(images: readonly Uint8Array[], enough: number): { readonly least: number; readonly most: number } {
  let [least, most] = [255, 0];
  for (const part of images) {
    for (const value of part) {
      if (value < least) least = value;
      if (value > most) most = value;
      if (most - least >= enough) return { least, most };
    }
  }
  return { least, most };
}

/**
 * Checks that there is something to see.
 *
 * @throws CompoundSearchError DATASET_INVALID where every value of every image is the same.
 */
export function requireContrast(name: string, images: readonly Uint8Array[]): void {
  const { least, most } = rangeOf(images, 1);
  if (least !== most) return;
  throw datasetFault(name, `${name}: every value of every image is ${least}, so nothing is to be seen.`, {
    remedy: 'Look at how the images were written: they may have been scaled or cut to bytes the wrong way.',
  });
}

/** Values over which the images of a data set reach at least, of 256. */
const notableRange = 16;

function rangeNotes({ name, train, test }: Dataset): string[] {
  const { least, most } = rangeOf([train.images, test.images], notableRange);
  if (most - least >= notableRange) return [];
  return [
    `All values of the images of ${name} lie between ${least} and ${most}, of 0 to 255. ` +
      'They are used as they are; where this is not meant, scale the images before.',
  ];
}

function* imagesOf({ count, images }: LabelledImages, { height, width, channels }: ImageShape): Generator<Uint8Array> {
  const size = height * width * channels;
  for (let index = 0; index < count; index++) yield images.subarray(index * size, (index + 1) * size);
}

function blankNotes(dataset: Dataset): string[] {
  let [blank, all] = [0, 0];
  for (const { value } of listParts(partsOf(dataset))) {
    all += value.count;
    for (const image of imagesOf(value, dataset.image)) if (image.every((pixel) => pixel === image[0])) blank++;
  }
  if (blank === 0) return [];
  return [`${blank} of the ${countOf(all)} of ${dataset.name} have one value everywhere: there is nothing to see.`];
}

/** Equal images: within the training part, and of each other part with those before it. */
function duplicateNotes(dataset: Dataset): string[] {
  const seen = new Set<string>();
  return listParts(partsOf(dataset)).flatMap(({ name: part, value }) => {
    const before = part === 'train' ? seen : new Set(seen);
    let duplicates = 0;
    for (const image of imagesOf(value, dataset.image)) {
      // No two different images share a SHA-256.
      const digest = hash('sha256', image, 'base64');
      if (before.has(digest)) duplicates++;
      seen.add(digest);
    }
    return duplicates === 0 ? [] : [duplicateNote(dataset, part, duplicates)];
  });
}

function duplicateNote({ name, validation }: Dataset, part: keyof typeof partLabels, duplicates: number): string {
  if (part === 'train') {
    return (
      `${duplicates} of the training images of ${name} repeat another, pixel for pixel` +
      (validation === undefined ? ': where one is trained on and its twin ranks, accuracies come out too high.' : '.')
    );
  }
  const others = part === 'test' && validation !== undefined ? 'training or validation' : 'training';
  return (
    `${duplicates} of the ${partLabels[part]} images of ${name} are among its ${others} images too, pixel for pixel: ` +
    `the ${partLabels[part]} accuracy comes out too high.`
  );
}

/** Looks at every image of a data set. 60,000 images of MNIST's size take about half a second. */
export function inspectDataset(dataset: Dataset): DatasetFindings {
  const notes = [...rangeNotes(dataset), ...blankNotes(dataset), ...duplicateNotes(dataset)];
  return { contentHash: dataset.contentHash, notes };
}
