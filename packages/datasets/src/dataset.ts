import type { Labels } from './labels.ts';
import type { Parts } from './parts.ts';

/** Size of every image of a data set, in pixels and channels. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Images with their classes. Image i is `images.subarray(i * size, (i + 1) * size)` with size = height * width * channels. */
export interface LabelledImages {
  readonly count: number;
  /** [count, height, width, channels], row-major, 0 to 255. */
  readonly images: Uint8Array;
  /** [count], each from 0 to classes - 1. */
  readonly labels: Labels;
}

/** What is known of a data set before it is loaded. */
export interface DatasetDescription {
  readonly name: string;
  readonly description: string;
  readonly image: ImageShape;
  readonly classes: number;
  readonly trainingImages: number;
  /** Images of the data set's own validation split, where it brings one. */
  readonly validationImages?: number;
  readonly testImages: number;
  /** Classes in the order of the labels, with their training images; absent for data sets that are balanced by design. */
  readonly trainingClasses?: readonly { readonly name: string; readonly images: number }[];
  /** What a person should know of how the files are read. */
  readonly notes: readonly string[];
  /** Where the images come from. */
  readonly source: string;
  /** The terms under which they may be used. */
  readonly licence: string;
}

/**
 * A loaded data set. Trials train on a cut of `train` and rank on another, or on `validation` where the data set brings
 * it; `test` is touched once, for the winner.
 */
export interface Dataset {
  readonly name: string;
  readonly image: ImageShape;
  readonly classes: number;
  readonly train: LabelledImages;
  /** The data set's own validation split; absent where a cut of `train` is to serve. */
  readonly validation?: LabelledImages;
  readonly test: LabelledImages;
  /** SHA-256 in hex of shape, labels and pixels: equal hashes are equal data. */
  readonly contentHash: string;
}

/** The parts of a loaded data set. */
export function partsOf({ train, validation, test }: Omit<Dataset, 'name' | 'contentHash'>): Parts<LabelledImages> {
  return { train, validation, test };
}
