/** The one reader and writer of the environment in the benchmarks. */
import { homedir } from 'node:os';
import path from 'node:path';

/** Folder of the data sets that benchmarks fetch: in `COMPOUND_SEARCH_CACHE_DIR`, else in the user's cache folder. */
export function benchmarkDataFolder(): string {
  const override = process.env['COMPOUND_SEARCH_CACHE_DIR'];
  const cache = override ? path.resolve(override) : path.join(homedir(), '.cache', 'compound-search');
  return path.join(cache, 'benchmark-datasets');
}

/** Makes training children find their data sets in files below this folder. */
export function setDataRoot(folder: string): void {
  process.env['COMPOUND_SEARCH_DATA_ROOT'] = folder;
}
