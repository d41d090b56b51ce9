import type { DataRoot } from '../data-root.ts';
import type { ImageShape, LabelledImages } from '../dataset.ts';

/** A data set that lies in files, as a search names it: `<prefix>:<path>` and, for some, `?<options>`. */
export interface SourceRequest {
  readonly root: DataRoot;
  /** The whole name. */
  readonly dataset: string;
  /** Relative to the root. */
  readonly path: string;
  readonly options: ReadonlyMap<string, string>;
  /** Where decoded images are kept; undefined for the user's cache folder. */
  readonly cacheFolder: string | undefined;
  /** Called as images are decoded; not at all where nothing is to be decoded. */
  readonly onProgress: ((done: number, total: number) => void) | undefined;
}

/** What files say before their images are read. */
export interface SourceOutline {
  readonly image: ImageShape;
  readonly classNames: readonly string[];
  /** Images of each class in each part. */
  readonly sizes: { readonly training: readonly number[]; readonly test: readonly number[] };
}

/** The images of a source. Labels go from 0 to the number of class names - 1. */
export interface SourceImages {
  readonly image: ImageShape;
  readonly classNames: readonly string[];
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

/**
 * A format of data sets in files. `describe` reads headers, labels and the names and sizes of files; `load` reads all;
 * `check` reads what `describe` does not, and is absent where that leaves nothing to be damaged. All throw CompoundSearchError DATASET_INVALID or UNKNOWN_DATASET, one error for all faults of a kind; neither writes
 * below the data root.
 */
export interface DatasetSource {
  readonly prefix: string;
  /** How a search names such a data set, e.g. `idx:<folder>`. */
  readonly form: string;
  readonly summary: string;
  readonly optionNames: readonly string[];
  describe(request: SourceRequest): Promise<SourceOutline>;
  check?(request: SourceRequest): Promise<unknown>;
  load(request: SourceRequest): Promise<SourceImages>;
}
