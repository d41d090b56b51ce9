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
  readonly labels: Uint8Array;
}

/** What is known of a data set before it is loaded. */
export interface DatasetDescription {
  readonly name: string;
  readonly description: string;
  readonly image: ImageShape;
  readonly classes: number;
  readonly trainingImages: number;
  readonly testImages: number;
  /** Classes in the order of the labels, with their training images; absent for data sets that are balanced by design. */
  readonly trainingClasses?: readonly { readonly name: string; readonly images: number }[];
  /** Where the images come from. */
  readonly source: string;
  /** The terms under which they may be used. */
  readonly licence: string;
}

/** A loaded data set. Trials train and rank on cuts of `train` alone; `test` is touched once, for the winner. */
export interface Dataset {
  readonly name: string;
  readonly image: ImageShape;
  readonly classes: number;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** SHA-256 in hex of shape, labels and pixels: equal hashes are equal data. */
  readonly contentHash: string;
}
