/** The one reader of the environment in this package. */
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Folder outside the clone that holds what was downloaded and compiled, shared by all clones of one user:
 * `COMPOUND_SEARCH_CACHE_DIR`, else `compound-search` in the platform's cache folder (XDG on Linux).
 */
export function cacheFolder(platform: NodeJS.Platform = process.platform): string {
  const override = process.env['COMPOUND_SEARCH_CACHE_DIR'];
  if (override) return path.resolve(override);
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', 'compound-search');
  const xdg = process.env['XDG_CACHE_HOME'];
  // The XDG specification has relative paths ignored.
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(homedir(), '.cache'), 'compound-search');
}

/** The folders in which programs are looked for, in order. */
export function searchPath(): string[] {
  return (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
}

/** The C++ compiler that the user prefers (`CXX`), if any. */
export function preferredCompiler(): string | undefined {
  const compiler = process.env['CXX'];
  return compiler === '' ? undefined : compiler;
}

/** This process's environment with some variables replaced, for a child process. */
export function environmentWith(overrides: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...overrides };
}
