import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import lockfile from 'proper-lockfile';

const manifestName = 'manifest.json';

/** A folder of the cache and how it comes to be. */
export interface CacheFolder {
  /** Absolute path; its name tells everything that the content depends on. */
  readonly folder: string;
  /** Writes the content into an empty folder beside the final one. */
  readonly fill: (partial: string) => Promise<void>;
  /** Called once where another process is already at it. */
  readonly onWait?: () => void;
}

/**
 * Makes sure that a folder of the cache is there and complete. It is filled under a temporary name and renamed, so a
 * folder of the final name is always whole; of several processes one fills it and the others use the result.
 * @returns whether this call filled it
 */
export async function ensureCached(entry: CacheFolder): Promise<boolean> {
  if (isComplete(entry.folder)) return false;
  const parent = path.dirname(entry.folder);
  await mkdir(parent, { recursive: true });
  const release = await lock(entry);
  try {
    if (isComplete(entry.folder)) return false;
    await removeLeftovers(entry.folder);
    const partial = `${entry.folder}.partial-${randomUUID()}`;
    await mkdir(partial);
    try {
      await entry.fill(partial);
      await writeFile(path.join(partial, manifestName), JSON.stringify(sizesIn(partial)));
      await replace(partial, entry.folder);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    return true;
  } finally {
    await release();
  }
}

/** Whether a folder of the cache holds every file that it was filled with, at its size. */
export function isComplete(folder: string): boolean {
  try {
    const sizes: unknown = JSON.parse(readFileSync(path.join(folder, manifestName), 'utf8'));
    if (typeof sizes !== 'object' || sizes === null) return false;
    return Object.entries(sizes).every(([file, bytes]) => statSync(path.join(folder, file)).size === bytes);
  } catch {
    return false;
  }
}

async function lock(entry: CacheFolder): Promise<() => Promise<void>> {
  const options = {
    lockfilePath: `${entry.folder}.lock`,
    realpath: false,
    stale: 20_000,
    update: 5_000,
    // A machine that slept loses its lock. The work is then done twice, and the rename still leaves one whole folder.
    onCompromised: () => undefined,
  };
  try {
    return releaseQuietly(await lockfile.lock(entry.folder, options));
  } catch (error) {
    if (!hasCode(error, 'ELOCKED')) throw error;
  }
  entry.onWait?.();
  const retries = { forever: true, minTimeout: 200, maxTimeout: 1_000 };
  return releaseQuietly(await lockfile.lock(entry.folder, { ...options, retries }));
}

function releaseQuietly(release: () => Promise<void>): () => Promise<void> {
  return () => release().catch(() => undefined);
}

async function replace(partial: string, folder: string): Promise<void> {
  // A folder cannot be renamed over one that is not empty; whoever has the old files open keeps them.
  const old = `${folder}.partial-${randomUUID()}`;
  try {
    await rename(folder, old);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  try {
    await rename(partial, folder);
  } catch (error) {
    if (!isComplete(folder)) throw error;
  }
  await rm(old, { recursive: true, force: true });
}

/** Removes what a process that was killed while it filled this folder has left. Called under the folder's lock. */
async function removeLeftovers(folder: string): Promise<void> {
  const prefix = `${path.basename(folder)}.partial-`;
  const parent = path.dirname(folder);
  const leftovers = (await readdir(parent)).filter((name) => name.startsWith(prefix));
  await Promise.all(leftovers.map((name) => rm(path.join(parent, name), { recursive: true, force: true })));
}

function sizesIn(folder: string): Record<string, number> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(folder, file), statSync(file).size];
    }),
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
