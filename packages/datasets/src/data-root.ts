import type { BigIntStats } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { join, posix, resolve, sep } from 'node:path';

import { CompoundSearchError } from '@compound-search/contracts';

import { datasetFault, listFaults, quoted } from './dataset-fault.ts';
import { maximumBytes, tooLarge } from './size-limit.ts';

/** A file or folder that lies within the data root, links followed. */
export interface DataEntry {
  /** Relative to the data root, with forward slashes: what messages show. */
  readonly name: string;
  /** Where it really lies. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly stats: BigIntStats;
}

/** Characters that no name may have: they split lines, reverse text, or stand for bytes that are no UTF-8. */
const oddCharacters = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\uFFFD\\]/u;

/** Whether a name has characters that make it unfit for messages or for another system. */
export function hasOddCharacters(name: string): boolean {
  return oddCharacters.test(name);
}

function describeKind(stats: BigIntStats): DataEntry['kind'] {
  if (stats.isFile()) return 'file';
  return stats.isDirectory() ? 'folder' : 'other';
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

/**
 * The folder below which the files of every data set lie. Nothing outside is read, whatever links lie within.
 *
 * @throws CompoundSearchError from every method: DATASET_INVALID, or UNKNOWN_DATASET where something is not there.
 */
export class DataRoot {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Opens the folder; a relative one is relative to the current directory. */
  static async open(folder: string): Promise<DataRoot> {
    try {
      return new DataRoot(await realpath(resolve(folder)));
    } catch (cause) {
      throw new CompoundSearchError(
        'UNKNOWN_DATASET',
        'The data root, in which data sets of files lie, is not there.',
        {
          field: 'dataset',
          remedy:
            'Make the folder that COMPOUND_SEARCH_DATA_ROOT names, or set that variable; then put the data in it.',
          cause,
        },
      );
    }
  }

  /**
   * The entry of that name, whatever its Unicode form, or undefined where there is none. Refuses one that a link leads
   * out of the root.
   */
  async find(name: string): Promise<DataEntry | undefined> {
    const found = await this.#find(name);
    if (found !== undefined) return found;
    const spelled = await this.#otherForm(name);
    return spelled === undefined ? undefined : this.#find(spelled);
  }

  /**
   * The name of an entry that differs from the wanted one in Unicode form only, as after a disk of macOS was copied: one
   * letter with an accent may be one character there and two here.
   */
  async #otherForm(name: string): Promise<string | undefined> {
    let folder = '';
    for (const wanted of name.split('/')) {
      const entry = await this.#find(folder);
      if (entry?.kind !== 'folder') return undefined;
      const names = await readdir(entry.path).catch((error: unknown) => {
        throw asUnreadable(folder, error);
      });
      const isSame = (other: string): boolean => other.normalize() === wanted.normalize();
      const same = names.includes(wanted) ? wanted : names.sort().find(isSame);
      if (same === undefined) return undefined;
      folder = posix.join(folder, same);
    }
    return folder === name ? undefined : folder;
  }

  async #find(name: string): Promise<DataEntry | undefined> {
    const path = join(this.folder, name);
    try {
      const real = await realpath(path);
      if (real !== this.folder && !real.startsWith(this.folder + sep)) {
        throw datasetFault(name, `${quoted(name)} is a link that leads out of the data root.`, {
          remedy: 'Put the files themselves into the data root, or link to a place within it.',
        });
      }
      const stats = await stat(real, { bigint: true });
      return { name, path: real, kind: describeKind(stats), stats };
    } catch (error) {
      if (!isMissing(error)) throw asUnreadable(name, error);
      await this.#refuseDeadLink(name, path);
      return undefined;
    }
  }

  async #refuseDeadLink(name: string, path: string): Promise<void> {
    const link = await lstat(path).catch(() => undefined);
    if (link === undefined) return;
    throw datasetFault(name, `${quoted(name)} is a link that leads nowhere.`, { remedy: 'Mend or remove the link.' });
  }

  /** The entry of that name and kind. */
  async require(name: string, kind: 'file' | 'folder'): Promise<DataEntry> {
    const entry = await this.find(name);
    if (entry === undefined) {
      throw new CompoundSearchError('UNKNOWN_DATASET', `There is no ${quoted(name)} in the data root.`, {
        field: 'dataset',
        value: name,
        remedy: `Put the ${kind} there; paths are relative to the folder that COMPOUND_SEARCH_DATA_ROOT names.`,
      });
    }
    if (entry.kind === kind) return entry;
    throw datasetFault(name, `${quoted(name)} is not a ${kind}.`, { remedy: `Name a ${kind}.` });
  }

  /**
   * What a folder holds, in the order of UTF-16 code units, without what systems leave behind. Refuses odd names, listing
   * them.
   */
  async list(folder: DataEntry): Promise<DataEntry[]> {
    const found = await readdir(folder.path, { withFileTypes: true }).catch((error: unknown) => {
      throw asUnreadable(folder.name, error);
    });
    const names = found.map(({ name }) => name).filter((name) => !isLeftover(name));
    const odd = names.filter(hasOddCharacters).sort();
    if (odd.length > 0) {
      const message = `${quoted(folder.name)} holds names with odd characters: ${listFaults(odd.map(quoted))}.`;
      throw datasetFault(folder.name, message, {
        remedy: 'Rename them: no control characters, no backslashes, valid UTF-8.',
      });
    }
    const links = new Set(found.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name));
    const entries: DataEntry[] = [];
    for (const name of names.sort()) {
      const entry = links.has(name) ? await this.find(posix.join(folder.name, name)) : await this.#child(folder, name);
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }

  /** A child of a folder that is known to lie inside, and that is no link: its real path needs no look-up. */
  async #child(folder: DataEntry, name: string): Promise<DataEntry> {
    const path = join(folder.path, name);
    const shown = posix.join(folder.name, name);
    const stats = await lstat(path, { bigint: true }).catch((error: unknown) => {
      throw asUnreadable(shown, error);
    });
    return { name: shown, path, kind: describeKind(stats), stats };
  }
}

/**
 * What systems leave behind in folders: hidden files; archives of macOS, its folder icons and those of its servers;
 * Windows' thumbnails, settings, recycle bins and marks of downloads; what Synology and QNAP keep; recovered files.
 */
const leftovers: readonly RegExp[] = [
  /^\./,
  /^(__MACOSX|Icon\r|Network Trash Folder|Temporary Items)$/,
  /^(ehthumbs(_vista)?\.db|thumbs\.db(:.*)?|desktop\.ini|\$RECYCLE\.BIN|RECYCLER|System Volume Information)$/i,
  /:Zone\.Identifier$/,
  /^(@eaDir|#recycle|#snapshot|@Recycle|@Recently-Snapshot|@__thumb)$/,
  /^lost\+found$/,
];

function isLeftover(name: string): boolean {
  return leftovers.some((pattern) => pattern.test(name));
}

function asUnreadable(name: string, error: unknown): CompoundSearchError {
  if (error instanceof CompoundSearchError) return error;
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return datasetFault(name, `${quoted(name)} cannot be read: ${reason}.`, {
    remedy: 'Make it readable for the user that runs the service.',
    cause: error,
  });
}

/** Reads a whole file, or its first `length` bytes. @throws CompoundSearchError DATASET_INVALID */
export async function readEntry({ name, path, stats }: DataEntry, length?: number): Promise<Buffer> {
  // Node reads less than 2 GiB at once.
  if (length === undefined && stats.size >= maximumBytes) {
    throw tooLarge(name, `takes ${stats.size.toLocaleString('en-US')} bytes`);
  }
  try {
    const file = await open(path, 'r');
    try {
      if (length === undefined) return await file.readFile();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw asUnreadable(name, error);
  }
}

/**
 * Checks a path that a client gave and brings it into one form, before anything looks at the disk.
 *
 * @throws CompoundSearchError DATASET_INVALID for a path that is empty, absolute, leads upwards or has odd characters.
 */
export function requireRelativePath(dataset: string, path: string): string {
  const fault = pathFault(path);
  if (fault === undefined) return posix.join(path, '.').replace(/(?<=.)\/$/, '');
  throw datasetFault(dataset, `The path ${quoted(path)} ${fault}.`, {
    remedy: 'Give a path relative to the data root, with forward slashes, such as idx:fashion-mnist.',
  });
}

function pathFault(path: string): string | undefined {
  if (path === '') return 'is empty';
  if (hasOddCharacters(path)) return 'has characters that no path may have here';
  if (posix.isAbsolute(path) || /^[a-zA-Z]:/.test(path) || path.startsWith('~')) return 'is absolute';
  if (path.split('/').includes('..')) return 'leads upwards';
  return undefined;
}
