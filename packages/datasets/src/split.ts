import { CompoundSearchError } from '@compound-search/contracts';
import { type RandomStream, randomStream, shuffle } from '@compound-search/random';

/** Which images to take from a data set to train and to rank on. */
export interface StratifiedSplitRequest {
  /** The class of every image of the training split, from 0 to classes - 1. */
  readonly labels: ArrayLike<number>;
  /** The same of the data set's own validation split, where it brings one: validation images then come from it alone. */
  readonly validationLabels?: ArrayLike<number> | undefined;
  readonly classes: number;
  readonly trainImages: number;
  readonly validationImages: number;
  /** Decides which images are taken; any safe integer. */
  readonly seed: number;
}

/**
 * Image indices in ascending order. Both are of the training split, and disjoint; where the data set brings its own
 * validation split, those of `validation` are of that.
 */
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
  /** Images of the data set's own validation split, where it brings one. */
  readonly availableForValidation?: number | undefined;
}

function requireAvailable(asked: number, available: number, field: 'trainImages' | 'validationImages'): void {
  if (asked <= available) return;
  const part = field === 'trainImages' ? 'training' : 'validation';
  const message = `${asked} images are asked for, but the data set's ${part} split has ${available}.`;
  refuse(message, `split.${field}`, asked, `Lower ${field} to at most ${available}.`);
}

/**
 * Checks the sizes of a split, for which the data set need not be loaded.
 *
 * @throws CompoundSearchError SPLIT_INVALID where more images are asked for than there are, or fewer than one per class.
 */
export function requireSplitSizes(sizes: SplitSizes): void {
  const { trainImages, validationImages, classes, available, availableForValidation } = sizes;
  for (const [field, images] of Object.entries({ trainImages, validationImages })) {
    if (!Number.isInteger(images) || images < classes) {
      const message = `${field} is ${images}, but each of the ${classes} classes needs at least one image.`;
      refuse(message, `split.${field}`, images, `Ask for a whole number of at least ${classes}.`);
    }
  }
  if (availableForValidation !== undefined) {
    requireAvailable(trainImages, available, 'trainImages');
    requireAvailable(validationImages, availableForValidation, 'validationImages');
    return;
  }
  const asked = trainImages + validationImages;
  if (asked > available) {
    const message = `${trainImages} + ${validationImages} = ${asked} images are asked for, but there are ${available}.`;
    const remedy = `Lower trainImages or validationImages until the sum is at most ${available}.`;
    refuse(message, 'split.trainImages', trainImages, remedy);
  }
}

interface Pool {
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  /** Images that every class must have. */
  readonly least: number;
}

/** The image indices of each class, in ascending order. */
function indicesByClass({ labels, classes, least }: Pool): number[][] {
  const members = Array.from({ length: classes }, (): number[] => []);
  for (let index = 0; index < labels.length; index++) {
    const indices = members[labels[index] ?? -1];
    if (indices === undefined)
      throw new RangeError(`Image ${index} has label ${labels[index]}, of ${classes} classes.`);
    indices.push(index);
  }
  members.forEach((indices, label) => {
    if (indices.length >= least) return;
    const message = `Class ${label} has ${indices.length} images, but training and validation need one each.`;
    refuse(message, 'dataset', label, 'Use a data set with images enough of every class.');
  });
  return members;
}

function shuffledByClass(pool: Pool, random: RandomStream): Int32Array[] {
  return indicesByClass(pool).map((indices) => shuffle(Int32Array.from(indices), random));
}

/** Takes `counts[label]` indices of each class, after the first `skipped[label]`. */
function take(members: readonly Int32Array[], counts: readonly number[], skipped: readonly number[] = []): Int32Array {
  const chosen = members.flatMap((indices, label) => {
    const from = skipped[label] ?? 0;
    return [...indices.subarray(from, from + (counts[label] ?? 0))];
  });
  return Int32Array.from(chosen).sort();
}

function sizesOf(members: readonly Int32Array[]): number[] {
  return members.map((indices) => indices.length);
}

/**
 * Chooses a training and a validation set, each with the classes in proportion: both from the data set's training split,
 * or each from its own where the data set brings a validation split.
 *
 * The validation set depends on its own size and the seed alone, and a smaller training set is part of a larger one up
 * to rounding, so that searches with different training sizes rank on the same images.
 *
 * @throws CompoundSearchError SPLIT_INVALID where more images are asked for than there are, or fewer than one per class.
 */
export function stratifiedSplit(request: StratifiedSplitRequest): Split {
  const { labels, validationLabels, classes, seed } = request;
  requireSplitSizes({ ...request, available: labels.length, availableForValidation: validationLabels?.length });
  const random = randomStream(seed, 'split');
  if (validationLabels !== undefined) {
    const own = shuffledByClass(
      { labels: validationLabels, classes, least: 1 },
      randomStream(seed, 'split/validation'),
    );
    const members = shuffledByClass({ labels, classes, least: 1 }, random);
    return {
      train: take(members, apportion(request.trainImages, sizesOf(members), 0)),
      validation: take(own, apportion(request.validationImages, sizesOf(own), 0)),
    };
  }
  const members = shuffledByClass({ labels, classes, least: 2 }, random);
  const forValidation = apportion(request.validationImages, sizesOf(members), 1);
  const left = members.map((indices, label) => indices.length - (forValidation[label] ?? 0));
  return {
    train: take(members, apportion(request.trainImages, left, 0), forValidation),
    validation: take(members, forValidation),
  };
}
