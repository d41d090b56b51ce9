/** The one writer of the environment in the benchmarks. */
import path from 'node:path';

import { cacheFolder } from '@compound-search/cache-folder';

/** Folder of the data sets that benchmarks fetch. */
export function benchmarkDataFolder(): string {
  return path.join(cacheFolder(), 'benchmark-datasets');
}

/** Makes training children find their data sets in files below this folder. */
export function setDataRoot(folder: string): void {
  process.env['COMPOUND_SEARCH_DATA_ROOT'] = folder;
}
