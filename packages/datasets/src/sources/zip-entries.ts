import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';

import { type Entry, openPromise, type ZipFile } from 'yauzl';

import type { DataEntry } from '../data-root.ts';
import { datasetFault } from '../dataset-fault.ts';

/** Reads an entry of an open archive: all of it with its checksum compared, or the first `length` bytes. */
export type ReadZipEntry = (name: string, length?: number) => Promise<Buffer>;

/** Larger than any data set that fits a training graph; keeps a small malicious archive from filling the memory. */
const maximumBytes = 2 ** 31;

/**
 * Opens a zip archive and reads from it.
 *
 * @throws CompoundSearchError DATASET_INVALID where it is damaged, or lacks one of the entries or has it twice.
 */
export async function withZipEntries<Result>(
  file: DataEntry,
  names: readonly string[],
  use: (read: ReadZipEntry) => Promise<Result>,
): Promise<Result> {
  const archive = await openPromise(file.path, { autoClose: false, lazyEntries: true }).catch((error: unknown) => {
    throw damaged(file, error);
  });
  try {
    const entries = await findEntries(archive, file, names);
    return await use(async (name, length) => {
      const entry = entries.get(name);
      if (entry === undefined) throw new RangeError(`${name} was not asked for.`);
      return readEntry(archive, entry, length).catch((error: unknown) => {
        throw damaged(file, error);
      });
    });
  } finally {
    archive.close();
  }
}

function damaged(file: DataEntry, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return datasetFault(file.name, `${file.name}: the archive is damaged or is no .npz file: ${reason}.`, {
    remedy: 'Fetch or write the file again.',
    cause,
  });
}

async function findEntries(archive: ZipFile, file: DataEntry, names: readonly string[]): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const twice: string[] = [];
  try {
    for await (const entry of archive.eachEntry()) {
      if (!names.includes(entry.fileName)) continue;
      if (entries.has(entry.fileName)) twice.push(entry.fileName);
      entries.set(entry.fileName, entry);
    }
  } catch (error) {
    throw damaged(file, error);
  }
  const missing = names.filter((name) => !entries.has(name));
  const faults = [...missing.map((name) => `${name} is missing`), ...twice.map((name) => `${name} is there twice`)];
  if (faults.length === 0) return entries;
  throw datasetFault(file.name, `${file.name}: ${faults.join('; ')}.`, {
    remedy: 'Save the arrays x_train, y_train, x_test and y_test with numpy.savez, each once.',
  });
}

async function readEntry(archive: ZipFile, entry: Entry, length = Infinity): Promise<Buffer> {
  if (entry.uncompressedSize > maximumBytes) throw new Error(`${entry.fileName} is larger than 2 GiB`);
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
