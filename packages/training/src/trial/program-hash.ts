import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What computes a training beside TensorFlow: how images are chosen, networks built and lowered, and steps made. */
const trainingFolders = [
  fileURLToPath(new URL('..', import.meta.url)),
  ...['datasets', 'graph', 'networks', 'random'].map((name) =>
    fileURLToPath(new URL('.', import.meta.resolve(`@compound-search/${name}`))),
  ),
];

let hashOfProgram: Promise<string> | undefined;

/**
 * Hash of our own sources that decide the bits of a training: sources run as they are, so two versions with the same
 * sources train the same. A changed comment makes another version too, which costs a repeated training and no truth.
 */
export function programHash(): Promise<string> {
  hashOfProgram ??= hashSources(trainingFolders).then((hash) => hash.slice(0, 16));
  return hashOfProgram;
}

/** SHA-256 in hexadecimal over the names and contents of all TypeScript files below the folders. */
export async function hashSources(folders: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts')).sort();
    const contents = await Promise.all(files.map((name) => readFile(path.join(folder, name))));
    files.forEach((name, index) => hash.update(name).update(contents[index] ?? ''));
  }
  return hash.digest('hex');
}
