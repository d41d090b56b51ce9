import { posix } from 'node:path';

import type { DataEntry, DataRoot } from '../data-root.ts';
import { datasetFault, listFaults, quoted } from '../dataset-fault.ts';

/**
 * The files of those names in a folder, in their order.
 *
 * @throws CompoundSearchError DATASET_INVALID that lists all that are missing.
 */
export async function requireFiles(root: DataRoot, folder: string, names: readonly string[]): Promise<DataEntry[]> {
  const { name: folderName } = await root.require(folder, 'folder');
  const found = await Promise.all(names.map((name) => root.find(posix.join(folderName, name))));
  const faults = names.filter((_, index) => found[index]?.kind !== 'file');
  if (faults.length > 0) {
    const message = `${quoted(folderName)} lacks files: ${listFaults(faults)}.`;
    throw datasetFault(folderName, message, { remedy: 'Put all files of the data set into the folder.' });
  }
  return found.filter((entry) => entry !== undefined);
}
