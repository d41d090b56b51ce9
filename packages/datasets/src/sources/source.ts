import type { DataRoot } from '../data-root.ts';
import type { ImageShape, LabelledImages } from '../dataset.ts';
import type { Labels } from '../labels.ts';
import type { Parts } from '../parts.ts';

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

/** What files say before their images are read. Labels go from 0 to the number of class names - 1. */
export interface SourceOutline {
  readonly image: ImageShape;
  readonly classNames: readonly string[];
  readonly labels: Parts<Labels>;
  /** What a person should know of how the files are read, a sentence or two each. */
  readonly notes: readonly string[];
}

/** The images of a source. */
export interface SourceImages extends Omit<SourceOutline, 'labels'> {
  readonly parts: Parts<LabelledImages>;
}

/**
 * A format of data sets in files. `describe` reads headers, labels and the names and sizes of files; `load` reads all,
 * and adds to the notes what only the images show. Both throw CompoundSearchError DATASET_INVALID or UNKNOWN_DATASET,
 * one error for all faults of a kind; neither writes below the data root.
 */
export interface DatasetSource {
  readonly prefix: string;
  /** How a search names such a data set, e.g. `idx:<folder>`. */
  readonly form: string;
  readonly summary: string;
  readonly optionNames: readonly string[];
  describe(request: SourceRequest): Promise<SourceOutline>;
  load(request: SourceRequest): Promise<SourceImages>;
}
