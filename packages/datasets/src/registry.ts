import { CompoundSearchError } from '@compound-search/contracts';

import { loadMnist, mnistDescription } from './built-in/mnist.ts';
import { loadShapes, shapesDescription } from './built-in/shapes.ts';
import { classSizes, requireClassSizes } from './class-sizes.ts';
import { contentHash } from './content-hash.ts';
import { DataRoot } from './data-root.ts';
import type { Dataset, DatasetDescription } from './dataset.ts';
import { type DatasetFindings, inspectDataset, requireContrast } from './findings.ts';
import type { Labels } from './labels.ts';
import { listParts, mapParts, type Parts } from './parts.ts';
import type { SourceImages, SourceOutline, SourceRequest } from './sources/source.ts';
import { asFaultOf, datasetSources, parseSourceName } from './sources/sources.ts';

/** Where the files of data sets lie, and what happens on the way. */
export interface DatasetAccess {
  /** Folder that no path leaves. @defaultValue `datasets` in the current directory */
  readonly dataRoot?: string;
  /** Folder for decoded images. @defaultValue `compound-search/datasets` in the user's cache folder */
  readonly cacheFolder?: string;
  /** Called for every image that is decoded. */
  readonly onProgress?: (done: number, total: number) => void;
}

interface Entry {
  readonly description: DatasetDescription;
  /** Known, so that nobody need load the images to learn it. */
  readonly contentHash: string;
  readonly load: () => Promise<Dataset>;
}

const entries: readonly Entry[] = [
  {
    description: mnistDescription,
    contentHash: 'a743bf87b448579c3520a7b51ac468da60d7ce5e4a83533f667c82c7ec3e82ce',
    load: loadMnist,
  },
  {
    description: shapesDescription,
    contentHash: '5a4cc873f019f501207359c23d86c6f1891cf86d84b7afb2fde7cd3c8eeb94cb',
    load: () => Promise.resolve(loadShapes()),
  },
];

/** The data sets that need no files of the user, in the order in which they are listed. */
export const datasets: readonly DatasetDescription[] = entries.map((entry) => entry.description);

function refuseName(name: string): never {
  const named = datasets.map((dataset) => dataset.name).join(', ');
  const forms = datasetSources.map(({ form }) => form).join(', ');
  throw new CompoundSearchError('UNKNOWN_DATASET', `There is no data set named ${JSON.stringify(name)}.`, {
    field: 'dataset',
    value: name,
    remedy: `Use one of: ${named}; or files below the data root: ${forms}.`,
  });
}

async function openSource(name: string, access: DatasetAccess) {
  const { source, path, options } = parseSourceName(name) ?? refuseName(name);
  const root = await DataRoot.open(access.dataRoot ?? 'datasets');
  const request: SourceRequest = {
    root,
    dataset: name,
    path,
    options,
    cacheFolder: access.cacheFolder,
    onProgress: access.onProgress,
  };
  return { source, request };
}

async function describeSource(name: string, access: DatasetAccess): Promise<DatasetDescription> {
  const { source, request } = await openSource(name, access);
  const { image, classNames, labels, notes }: SourceOutline = await source.describe(request);
  const sizes = requireClasses(name, classNames, labels);
  return {
    name,
    description: `Files below the data root: ${source.summary}.`,
    image,
    classes: classNames.length,
    trainingImages: labels.train.length,
    ...(labels.validation === undefined ? {} : { validationImages: labels.validation.length }),
    testImages: labels.test.length,
    trainingClasses: classNames.map((className, label) => ({ name: className, images: sizes.train[label] ?? 0 })),
    notes,
    source: 'Files of the user.',
    licence: 'That of the files.',
  };
}

function requireClasses(name: string, classNames: readonly string[], labels: Parts<Labels>): Parts<number[]> {
  const sizes = mapParts(labels, (part) => classSizes(part, classNames.length));
  requireClassSizes(name, classNames, sizes);
  return sizes;
}

/** A loaded data set, and what reading its files showed. */
interface ReadDataset {
  readonly dataset: Dataset;
  readonly notes: readonly string[];
}

async function readSource(name: string, access: DatasetAccess): Promise<ReadDataset> {
  const { source, request } = await openSource(name, access);
  const { image, classNames, parts, notes }: SourceImages = await source.load(request);
  requireClasses(
    name,
    classNames,
    mapParts(parts, ({ labels }) => labels),
  );
  requireContrast(
    name,
    listParts(parts).map(({ value }) => value.images),
  );
  const { train, validation, test } = parts;
  const content = {
    image,
    classes: classNames.length,
    train,
    ...(validation === undefined ? {} : { validation }),
    test,
  };
  return { dataset: { name, ...content, contentHash: contentHash(content) }, notes };
}

/** Whether a name is none of the data sets that need no files of the user. */
export function hasFiles(name: string): boolean {
  return findEntry(name) === undefined;
}

/** The data set of that name that needs no files of the user, if there is one. */
function findEntry(name: string): Entry | undefined {
  return entries.find(({ description }) => description.name === name);
}

/**
 * The description of a data set. Of files, only headers, labels, names and sizes are looked at, so that loading may still
 * find images that are damaged.
 *
 * @throws CompoundSearchError UNKNOWN_DATASET with the names that there are, or DATASET_INVALID.
 */
export async function findDataset(name: string, access: DatasetAccess = {}): Promise<DatasetDescription> {
  const entry = findEntry(name);
  if (entry !== undefined) return entry.description;
  return describeSource(name, access).catch((error: unknown) => {
    throw asFaultOf(name, error);
  });
}

/**
 * Reads all of a data set and keeps nothing in memory; images in files of their own are decoded into the cache, so that
 * loading it is quick afterwards. The notes have those of {@link findDataset} among them.
 *
 * @throws CompoundSearchError UNKNOWN_DATASET or DATASET_INVALID, where {@link loadDataset} would throw it.
 */
export async function checkDataset(name: string, access: DatasetAccess = {}): Promise<DatasetFindings> {
  const entry = findEntry(name);
  if (entry !== undefined) return { contentHash: entry.contentHash, notes: [] };
  const { dataset, notes } = await readSource(name, access).catch((error: unknown) => {
    throw asFaultOf(name, error);
  });
  const findings = inspectDataset(dataset);
  return { ...findings, notes: [...notes, ...findings.notes] };
}

/**
 * Loads a data set: every call reads it anew, so the caller decides how long it stays in memory. Images in files of their
 * own are decoded once and then come from a cache.
 *
 * @throws CompoundSearchError UNKNOWN_DATASET, or DATASET_INVALID where files are missing or damaged; it lists them.
 */
export async function loadDataset(name: string, access: DatasetAccess = {}): Promise<Dataset> {
  const entry = findEntry(name);
  if (entry !== undefined) return entry.load();
  const { dataset } = await readSource(name, access).catch((error: unknown) => {
    throw asFaultOf(name, error);
  });
  return dataset;
}
