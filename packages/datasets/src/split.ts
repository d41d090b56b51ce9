import { CompoundSearchError } from '@compound-search/contracts';
import { randomStream, shuffle } from '@compound-search/random';

/** Which images to take from a data set's training split. */
export interface StratifiedSplitRequest {
  /** The class of every image of the training split, from 0 to classes - 1. */
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  readonly trainImages: number;
  readonly validationImages: number;
  /** Decides which images are taken; any safe integer. */
  readonly seed: number;
}

/** Two disjoint sets of image indices, each in ascending order. */
export interface Split {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/**
 * Shares `total` out in proportion to `available` by largest remainder (the lower class first where remainders are
 * equal), then moves single images so that every class that has any gets at least one and leaves `reserve` behind.
 */
function apportion(total: number, available: readonly number[], reserve: number): number[] {
  const sum = available.reduce((partial, count) => partial + count, 0);
  const shares = available.map((count) => Math.floor((total * count) / sum));
  const remainders = available.map((count, index) => ({ index, remainder: (total * count) % sum }));
  remainders.sort((one, other) => other.remainder - one.remainder || one.index - other.index);
  const missing = total - shares.reduce((partial, share) => partial + share, 0);
  for (const { index } of remainders.slice(0, missing)) shares[index] = (shares[index] ?? 0) + 1;
  moveToBounds(
    shares,
    available.map((count) => Math.min(count, 1)),
    available.map((count) => Math.max(0, count - reserve)),
  );
  return shares;
}

/** Index of the largest number; the first of equal ones. */
function indexOfLargest(numbers: readonly number[]): number {
  return numbers.indexOf(Math.max(...numbers));
}

/** Moves single units between shares until each lies within its bounds; the sum stays. */
function moveToBounds(shares: number[], least: readonly number[], most: readonly number[]): void {
  const above = (bounds: readonly number[]): number[] => shares.map((share, index) => share - (bounds[index] ?? 0));
  const below = (bounds: readonly number[]): number[] => above(bounds).map((difference) => -difference);
  const move = (from: number, to: number): void => {
    shares[from] = (shares[from] ?? 0) - 1;
    shares[to] = (shares[to] ?? 0) + 1;
  };
  while (Math.max(...below(least)) > 0) move(indexOfLargest(above(least)), indexOfLargest(below(least)));
  while (Math.max(...above(most)) > 0) move(indexOfLargest(above(most)), indexOfLargest(below(most)));
}

function refuse(message: string, field: string, value: unknown, remedy: string): never {
  throw new CompoundSearchError('SPLIT_INVALID', message, { field, value, remedy });
}

/** Sizes of a split, beside what there is to split. */
export interface SplitSizes {
  readonly trainImages: number;
  readonly validationImages: number;
  readonly classes: number;
  /** Images of the data set's training split. */
  readonly available: number;
}

/**
 * Checks the sizes of a split, for which the data set need not be loaded.
 *
 * @throws CompoundSearchError SPLIT_INVALID where more images are asked for than there are, or fewer than one per class.
 */
export function requireSplitSizes({ trainImages, validationImages, classes, available }: SplitSizes): void {
  for (const [field, images] of Object.entries({ trainImages, validationImages })) {
    if (!Number.isInteger(images) || images < classes) {
      const message = `${field} is ${images}, but each of the ${classes} classes needs at least one image.`;
      refuse(message, `split.${field}`, images, `Ask for a whole number of at least ${classes}.`);
    }
  }
  const asked = trainImages + validationImages;
  if (asked > available) {
    const message = `${trainImages} + ${validationImages} = ${asked} images are asked for, but there are ${available}.`;
    const remedy = `Lower trainImages or validationImages until the sum is at most ${available}.`;
    refuse(message, 'split.trainImages', trainImages, remedy);
  }
}

/** The image indices of each class, in ascending order. */
function indicesByClass({ labels, classes }: StratifiedSplitRequest): number[][] {
  const members = Array.from({ length: classes }, (): number[] => []);
  for (let index = 0; index < labels.length; index++) {
    const indices = members[labels[index] ?? -1];
    if (indices === undefined)
      throw new RangeError(`Image ${index} has label ${labels[index]}, of ${classes} classes.`);
    indices.push(index);
  }
  members.forEach((indices, label) => {
    if (indices.length >= 2) return;
    const message = `Class ${label} has ${indices.length} images, but training and validation need one each.`;
    refuse(message, 'dataset', label, 'Use a data set with at least two training images of every class.');
  });
  return members;
}

/**
 * Cuts a training and a validation set out of a data set's training split, each with the classes in proportion.
 *
 * The validation set depends on its own size and the seed alone, and a smaller training set is part of a larger one up
 * to rounding, so that searches with different training sizes rank on the same images.
 *
 * @throws CompoundSearchError SPLIT_INVALID where more images are asked for than there are, or fewer than one per class.
 */
export function stratifiedSplit(request: StratifiedSplitRequest): Split {
  requireSplitSizes({ ...request, available: request.labels.length });
  const random = randomStream(request.seed, 'split');
  const members = indicesByClass(request).map((indices) => shuffle(Int32Array.from(indices), random));
  const forValidation = apportion(
    request.validationImages,
    members.map((indices) => indices.length),
    1,
  );
  const left = members.map((indices, label) => indices.length - (forValidation[label] ?? 0));
  const forTraining = apportion(request.trainImages, left, 0);
  const validation = new Int32Array(request.validationImages);
  const train = new Int32Array(request.trainImages);
  const filled = { validation: 0, train: 0 };
  members.forEach((indices, label) => {
    const first = forValidation[label] ?? 0;
    const end = first + (forTraining[label] ?? 0);
    validation.set(indices.subarray(0, first), filled.validation);
    train.set(indices.subarray(first, end), filled.train);
    filled.validation += first;
    filled.train += end - first;
  });
  return { train: train.sort(), validation: validation.sort() };
}
