/** The one reader of the environment in this package. */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * Folder for decoded images, shared by all processes of one user: `datasets` in `COMPOUND_SEARCH_CACHE_DIR`, else in
 * `compound-search` in the platform's cache folder (XDG on Linux).
 */
export function imageCacheFolder(platform: NodeJS.Platform = process.platform): string {
  const override = process.env['COMPOUND_SEARCH_CACHE_DIR'];
  if (override) return join(resolve(override), 'datasets');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'compound-search', 'datasets');
  const xdg = process.env['XDG_CACHE_HOME'];
  // The XDG specification has relative paths ignored.
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'compound-search', 'datasets');
}
