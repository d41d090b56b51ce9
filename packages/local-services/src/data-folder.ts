import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { CompoundSearchError } from '@compound-search/contracts';

import { startMark } from './processes.ts';

/** A data folder that this process owns until it releases it or ends. */
export interface DataFolder {
  /** Absolute path. */
  readonly folder: string;
  /** Gives the folder up. */
  readonly release: () => void;
}

interface Owner {
  readonly pid: number;
  /** See {@link startMark}; null marks a folder that was given up. */
  readonly mark: string | null;
}

/**
 * Makes this process the one owner of a data folder, which is created where it does not exist. An owner that has died
 * is succeeded.
 *
 * Each owner has a numbered file in the folder `owner`; the highest number owns. A successor creates the next number,
 * which the file system grants to one process only, and withdraws where a higher one has appeared meanwhile. The highest
 * number never sinks, so nobody can succeed an owner that lives, whatever the timing.
 *
 * Locks that are kept fresh by a timer (proper-lockfile, which serves the cache) do not do here: a machine that slept
 * would lose its own, and two servers would write one cluster; and who was killed would be succeeded only after a while.
 * @throws CompoundSearchError `DATA_FOLDER_IN_USE` with the process id of a living owner, `DATA_FOLDER_INVALID`.
 */
export function lockDataFolder(dataFolder: string): DataFolder {
  const folder = path.resolve(dataFolder);
  const owners = path.join(folder, 'owner');
  prepare(folder, owners);
  for (;;) {
    const previous = highest(owners);
    refuseLivingOwner(folder, previous === undefined ? undefined : readOwner(owners, previous));
    const generation = (previous ?? 0) + 1;
    if (!claim(owners, generation)) continue;
    if (highest(owners) === generation) {
      removeBelow(owners, generation);
      return { folder, release: () => writeOwner(owners, generation, { pid: process.pid, mark: null }) };
    }
    rmSync(ownerFile(owners, generation), { force: true });
  }
}

function prepare(folder: string, owners: string): void {
  try {
    mkdirSync(owners, { recursive: true });
  } catch (cause) {
    throw new CompoundSearchError('DATA_FOLDER_INVALID', `The data folder ${folder} cannot be written.`, {
      value: folder,
      remedy: 'Choose a folder on a local disk that you may write to.',
      cause,
    });
  }
}

function refuseLivingOwner(folder: string, owner: Owner | undefined): void {
  const isAlive = typeof owner?.mark === 'string' && startMark(owner.pid) === owner.mark;
  if (!isAlive) return;
  throw new CompoundSearchError('DATA_FOLDER_IN_USE', `Process ${owner.pid} already uses the data folder ${folder}.`, {
    value: folder,
    remedy: `Stop process ${owner.pid}, or choose another data folder.`,
  });
}

function claim(owners: string, generation: number): boolean {
  const mark = startMark(process.pid);
  if (mark === undefined) throw new Error('The operating system does not tell when this process started.');
  const temporary = path.join(owners, `claim-${randomUUID()}`);
  writeFileSync(temporary, JSON.stringify({ pid: process.pid, mark } satisfies Owner));
  try {
    // Unlike a rename, a link fails where the name is taken, and unlike a new file it is whole from the first moment.
    linkSync(temporary, ownerFile(owners, generation));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeOwner(owners: string, generation: number, owner: Owner): void {
  const temporary = path.join(owners, `claim-${randomUUID()}`);
  writeFileSync(temporary, JSON.stringify(owner));
  renameSync(temporary, ownerFile(owners, generation));
}

function readOwner(owners: string, generation: number): Owner | undefined {
  let owner: unknown;
  try {
    owner = JSON.parse(readFileSync(ownerFile(owners, generation), 'utf8'));
  } catch {
    // Succeeded and removed between the listing and this look: the listing that follows tells.
    return undefined;
  }
  if (typeof owner !== 'object' || owner === null || !('pid' in owner) || !('mark' in owner)) return undefined;
  const { pid, mark } = owner;
  return typeof pid === 'number' && (typeof mark === 'string' || mark === null) ? { pid, mark } : undefined;
}

function generations(owners: string): number[] {
  return readdirSync(owners)
    .map((name) => Number(/^(\d+)\.json$/.exec(name)?.[1]))
    .filter(Number.isInteger);
}

function highest(owners: string): number | undefined {
  return generations(owners).sort((a, b) => b - a)[0];
}

function removeBelow(owners: string, generation: number): void {
  for (const old of generations(owners)) {
    if (old < generation) rmSync(ownerFile(owners, old), { force: true });
  }
}

function ownerFile(owners: string, generation: number): string {
  return path.join(owners, `${generation}.json`);
}
