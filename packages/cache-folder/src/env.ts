/** The one reader of the environment in this package. */
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Folder outside the clone for what was downloaded, compiled or decoded: `COMPOUND_SEARCH_CACHE_DIR`, else
 * `compound-search` in the platform's cache folder (XDG on Linux). The package env-paths would give the same, but takes
 * a relative `XDG_CACHE_HOME`, which the XDG specification has ignored: each working folder would then download anew.
 */
export function cacheFolder(platform: NodeJS.Platform = process.platform): string {
  const override = process.env['COMPOUND_SEARCH_CACHE_DIR'];
  if (override) return path.resolve(override);
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', 'compound-search');
  const xdg = process.env['XDG_CACHE_HOME'];
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(homedir(), '.cache'), 'compound-search');
}
