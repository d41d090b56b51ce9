import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const checksumBytes = 32;

function fileOf(folder: string, key: string): string {
  return join(folder, `${key}.pixels`);
}
function checksum(pixels: Uint8Array): Buffer {
  return createHash('sha256').update(pixels).digest();
}

/** Whether there is an entry of that key; it may still turn out to be damaged when it is read. */
export async function hasPixels(folder: string, key: string): Promise<boolean> {
  return access(fileOf(folder, key)).then(
    () => true,
    () => false,
  );
}

/** Decoded pixels by the hash of what they were decoded from; undefined where they are absent or damaged. */
export async function readPixels(folder: string, key: string, length: number): Promise<Uint8Array | undefined> {
  const bytes = await readFile(fileOf(folder, key)).catch(() => undefined);
  if (bytes?.length !== length + checksumBytes) return undefined;
  const pixels = new Uint8Array(bytes.buffer, bytes.byteOffset, length);
  return checksum(pixels).equals(bytes.subarray(length)) ? pixels : undefined;
}

/**
 * Keeps pixels with their checksum, under a temporary name until they are complete, so that processes which decode the
 * same data set at once never see each other's halves.
 *
 * @returns whether they were kept. The cache only saves time: a full or read-only disk is no reason to stop.
 */
export async function writePixels(folder: string, key: string, pixels: Uint8Array): Promise<boolean> {
  const temporary = join(folder, `.${key}.${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(pixels);
      await file.writeFile(checksum(pixels));
    } finally {
      await file.close();
    }
    await rename(temporary, fileOf(folder, key));
    return true;
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
    return false;
  }
}
