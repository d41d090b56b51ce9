import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import yauzl from 'yauzl';

/** Where an archive's entry goes: a path relative to the target folder, or undefined to leave it out. */
export type Selection = (entryName: string) => string | undefined;

/**
 * Extracts the selected files of a zip archive, executable bits included.
 * @param archive path of the zip file
 * @param target folder that receives the files
 * @returns the relative paths written, in the archive's order
 */
export async function extract(archive: string, target: string, select: Selection): Promise<string[]> {
  const zip = await open(archive);
  const written: string[] = [];
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: yauzl.Entry) => {
      const destination = entry.fileName.endsWith('/') ? undefined : select(entry.fileName);
      if (destination === undefined) {
        zip.readEntry();
        return;
      }
      written.push(destination);
      writeEntry(zip, entry, path.join(target, destination)).then(() => zip.readEntry(), reject);
    });
    zip.once('end', resolve);
    zip.once('error', reject);
    zip.readEntry();
  }).finally(() => zip.close());
  return written;
}

function open(archive: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(archive, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });
}

async function writeEntry(zip: yauzl.ZipFile, entry: yauzl.Entry, file: string): Promise<void> {
  const content = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else resolve(stream);
    });
  });
  await mkdir(path.dirname(file), { recursive: true });
  // The upper half of the external attributes is the Unix mode where the archive was made on Unix.
  const isExecutable = ((entry.externalFileAttributes >>> 16) & 0o111) !== 0;
  await pipeline(content, createWriteStream(file, { flags: 'wx', mode: isExecutable ? 0o755 : 0o644 }));
}
