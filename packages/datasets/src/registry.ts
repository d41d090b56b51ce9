import { CompoundSearchError } from '@compound-search/contracts';

import type { Dataset, DatasetDescription } from './dataset.ts';
import { loadMnist, mnistDescription } from './mnist.ts';
import { loadShapes, shapesDescription } from './shapes.ts';

interface Entry {
  readonly description: DatasetDescription;
  readonly load: () => Promise<Dataset>;
}

const entries: readonly Entry[] = [
  { description: mnistDescription, load: loadMnist },
  { description: shapesDescription, load: () => Promise.resolve(loadShapes()) },
];

/** Every data set that a search can name, in the order in which they are listed. */
export const datasets: readonly DatasetDescription[] = entries.map((entry) => entry.description);

function findEntry(name: string): Entry {
  const entry = entries.find(({ description }) => description.name === name);
  if (entry !== undefined) return entry;
  throw new CompoundSearchError('UNKNOWN_DATASET', `There is no data set named ${JSON.stringify(name)}.`, {
    field: 'dataset',
    value: name,
    remedy: `Use one of: ${datasets.map((dataset) => dataset.name).join(', ')}.`,
  });
}

/**
 * The description of a data set, without loading it.
 *
 * @throws CompoundSearchError UNKNOWN_DATASET, with the names that there are.
 */
export function findDataset(name: string): DatasetDescription {
  return findEntry(name).description;
}

/**
 * Loads a data set: every call reads it anew, so the caller decides how long it stays in memory.
 *
 * @throws CompoundSearchError UNKNOWN_DATASET, or DATASET_INVALID where its files are missing or damaged.
 */
export async function loadDataset(name: string): Promise<Dataset> {
  return findEntry(name).load();
}
