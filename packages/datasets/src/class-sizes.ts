import { datasetFault, listFaults, quoted } from './dataset-fault.ts';
import type { Labels } from './labels.ts';
import { listParts, partLabels, type PartName, type Parts } from './parts.ts';

/** Images of each class, in the order of the labels. */
export function classSizes(labels: Labels, classes: number): number[] {
  const sizes = new Array<number>(classes).fill(0);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  return sizes;
}

/** Every part needs an image of every class; a training part that is also cut for validation needs two. */
function leastImages(part: PartName, sizes: Parts<unknown>): number {
  return part === 'train' && sizes.validation === undefined ? 2 : 1;
}

/**
 * Checks that every class has images enough to train, rank and test on.
 *
 * @throws CompoundSearchError DATASET_INVALID that lists the classes with too few images.
 */
export function requireClassSizes(
  dataset: string,
  classNames: readonly string[],
  sizes: Parts<readonly number[]>,
): void {
  const filled = classNames.filter((_, label) => (sizes.train[label] ?? 0) > 0);
  if (filled.length < 2) {
    const message = `${dataset}: all training images are of class ${filled.map(quoted).join('')}, so nothing is to be told apart.`;
    throw datasetFault(dataset, message, { remedy: 'Use a data set of at least two classes.' });
  }
  const faults = listParts(sizes).flatMap(({ name: part, value }) =>
    classNames.flatMap((name, label) => {
      const size = value[label] ?? 0;
      if (size >= leastImages(part, sizes)) return [];
      return [`class ${quoted(name)} has ${countOf(size)} in the ${partLabels[part]} part`];
    }),
  );
  if (faults.length === 0) return;
  const least = leastImages('train', sizes);
  throw datasetFault(dataset, `${dataset}: ${listFaults(faults)}.`, {
    remedy: `Give every class at least ${countOf(least)} in the training part and 1 in each other part, or remove the class.`,
  });
}

/** A number of images in words. */
export function countOf(images: number): string {
  if (images === 0) return 'no images';
  return images === 1 ? '1 image' : `${images} images`;
}
