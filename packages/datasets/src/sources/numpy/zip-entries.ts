import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';

import { CompoundSearchError } from '@compound-search/contracts';
import { type Entry, openPromise, type ZipFile } from 'yauzl';

import type { DataEntry } from '../../data-root.ts';
import { datasetFault, listFaults } from '../../dataset-fault.ts';
import { requireSize } from '../../size-limit.ts';

/** An open archive. */
export interface ZipArchive {
  readonly names: ReadonlySet<string>;
  /** Reads an entry: all of it with its checksum compared, or the first `length` bytes. */
  readonly read: (name: string, length?: number) => Promise<Buffer>;
}

/**
 * Opens a zip archive and reads from it.
 *
 * @throws CompoundSearchError DATASET_INVALID where it is damaged, has an entry twice, or one is too large.
 */
export async function withZipEntries<Result>(
  file: DataEntry,
  use: (archive: ZipArchive) => Promise<Result>,
): Promise<Result> {
  const archive = await openPromise(file.path, { autoClose: false, lazyEntries: true }).catch((error: unknown) => {
    throw damaged(file, error);
  });
  try {
    const entries = await listEntries(archive, file);
    const read: ZipArchive['read'] = async (name, length) => {
      const entry = entries.get(name);
      if (entry === undefined) throw new RangeError(`The archive has no ${name}.`);
      requireSize(`${file.name}/${name}`, entry.uncompressedSize);
      return readEntry(archive, entry, length).catch((error: unknown) => {
        throw damaged(file, error);
      });
    };
    return await use({ names: new Set(entries.keys()), read });
  } finally {
    archive.close();
  }
}

function damaged(file: DataEntry, cause: unknown): CompoundSearchError {
  if (cause instanceof CompoundSearchError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return datasetFault(file.name, `${file.name}: the archive is damaged or is no .npz file: ${reason}.`, {
    remedy: 'Fetch or write the file again.',
    cause,
  });
}

async function listEntries(archive: ZipFile, file: DataEntry): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const twice: string[] = [];
  try {
    for await (const entry of archive.eachEntry()) {
      if (entries.has(entry.fileName)) twice.push(`${entry.fileName} is there twice`);
      entries.set(entry.fileName, entry);
    }
  } catch (error) {
    throw damaged(file, error);
  }
  if (twice.length === 0) return entries;
  throw datasetFault(file.name, `${file.name}: ${listFaults(twice)}.`, {
    remedy: 'Save every array once, with numpy.savez.',
  });
}

async function readEntry(archive: ZipFile, entry: Entry, length = Infinity): Promise<Buffer> {
  const stream: Readable = await archive.openReadStreamPromise(entry);
  const chunks: Buffer[] = [];
  let found = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    found += chunk.length;
    // Leaving the loop ends the stream.
    if (found >= length) break;
  }
  const bytes = Buffer.concat(chunks);
  if (found < length && crc32(bytes) !== entry.crc32) throw new Error(`${entry.fileName} does not have its checksum`);
  return bytes.subarray(0, length);
}
