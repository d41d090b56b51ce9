import type { DatasetDescription } from './dataset.ts';
import { datasetFault, listFaults, quoted } from './dataset-fault.ts';

/** Images of each class, in the order of the labels. */
export function classSizes(labels: Uint8Array, classes: number): number[] {
  const sizes = new Array<number>(classes).fill(0);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  return sizes;
}

/** Training and validation need an image each of every class; the test needs one. */
const leastImages = { training: 2, test: 1 } as const;

/**
 * Checks that every class has images enough to train, rank and test on.
 *
 * @throws CompoundSearchError DATASET_INVALID that lists the classes with too few images.
 */
export function requireClassSizes(
  dataset: string,
  classNames: readonly string[],
  sizes: { readonly training: readonly number[]; readonly test: readonly number[] },
): void {
  if (classNames.length < 2) {
    const message = `${dataset} has ${classNames.length} class, and nothing is to be told apart.`;
    throw datasetFault(dataset, message, { remedy: 'Use a data set of at least two classes.' });
  }
  const faults = (['training', 'test'] as const).flatMap((part) =>
    classNames.flatMap((name, label) => {
      const size = sizes[part][label] ?? 0;
      return size < leastImages[part] ? [`class ${quoted(name)} has ${countOf(size)} in the ${part} part`] : [];
    }),
  );
  if (faults.length === 0) return;
  throw datasetFault(dataset, `${dataset}: ${listFaults(faults)}.`, {
    remedy: 'Give every class at least 2 training images and 1 test image, or remove the class.',
  });
}

function countOf(images: number): string {
  if (images === 0) return 'no images';
  return images === 1 ? '1 image' : `${images} images`;
}

/** Largest over smallest class from which a person should know. */
const notableRatio = 1.5;

/** A sentence on the smallest and the largest class where they differ 1.5 times or more, else undefined. */
export function classImbalanceNote({ name, trainingClasses }: DatasetDescription): string | undefined {
  if (trainingClasses === undefined || trainingClasses.length === 0) return undefined;
  const smallest = trainingClasses.reduce((least, other) => (other.images < least.images ? other : least));
  const largest = trainingClasses.reduce((most, other) => (other.images > most.images ? other : most));
  const ratio = largest.images / smallest.images;
  if (ratio < notableRatio) return undefined;
  return (
    `The classes of ${name} are unbalanced: ${quoted(largest.name)} has ${countOf(largest.images)} to train on, ` +
    `${quoted(smallest.name)} has ${countOf(smallest.images)} (${ratio.toFixed(1)} times fewer). ` +
    'The accuracy counts every image alike, so it says little of the small classes.'
  );
}
