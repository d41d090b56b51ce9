import { CompoundSearchError } from '@compound-search/contracts';

import { classSizes, requireClassSizes } from './class-sizes.ts';
import { contentHash } from './content-hash.ts';
import { DataRoot } from './data-root.ts';
import type { Dataset, DatasetDescription } from './dataset.ts';
import { loadMnist, mnistDescription } from './mnist.ts';
import { loadShapes, shapesDescription } from './shapes.ts';
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
  readonly load: () => Promise<Dataset>;
}

const entries: readonly Entry[] = [
  { description: mnistDescription, load: loadMnist },
  { description: shapesDescription, load: () => Promise.resolve(loadShapes()) },
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
  const { image, classNames, sizes }: SourceOutline = await source.describe(request);
  requireClassSizes(name, classNames, sizes);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  return {
    name,
    description: `Files below the data root: ${source.summary}.`,
    image,
    classes: classNames.length,
    trainingImages: sum(sizes.training),
    testImages: sum(sizes.test),
    trainingClasses: classNames.map((className, label) => ({ name: className, images: sizes.training[label] ?? 0 })),
    source: 'Files of the user.',
    licence: 'That of the files.',
  };
}

async function checkSource(name: string, access: DatasetAccess): Promise<void> {
  await describeSource(name, access);
  const { source, request } = await openSource(name, access);
  await source.check?.(request);
}

async function loadSource(name: string, access: DatasetAccess): Promise<Dataset> {
  const { source, request } = await openSource(name, access);
  const { classNames, ...images }: SourceImages = await source.load(request);
  const sizesOf = (labels: Uint8Array): number[] => classSizes(labels, classNames.length);
  requireClassSizes(name, classNames, {
    training: sizesOf(images.train.labels),
    test: sizesOf(images.test.labels),
  });
  const parts = { ...images, classes: classNames.length };
  return { name, ...parts, contentHash: contentHash(parts) };
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
 * loading it is quick afterwards.
 *
 * @throws CompoundSearchError UNKNOWN_DATASET or DATASET_INVALID, where {@link loadDataset} would throw it.
 */
export async function checkDataset(name: string, access: DatasetAccess = {}): Promise<void> {
  if (!hasFiles(name)) return;
  await checkSource(name, access).catch((error: unknown) => {
    throw asFaultOf(name, error);
  });
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
  return loadSource(name, access).catch((error: unknown) => {
    throw asFaultOf(name, error);
  });
}
