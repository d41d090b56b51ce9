import { rm } from 'node:fs/promises';
import path from 'node:path';

import { CompoundSearchError } from '@compound-search/contracts';
import {
  type Artefact,
  createProgress,
  ensureCached,
  extract,
  fetchWheel,
  findPythonWithPip,
  type Platform,
  type ProgressStream,
} from '@compound-search/downloads';

import { tensorflowArtefacts, type TensorflowVariant, tensorflowVersion } from './artefacts.ts';

/** Which TensorFlow build to have, and where. */
export interface LibraryOptions {
  readonly cache: string;
  readonly platform: Platform;
  readonly variant: TensorflowVariant;
  /** Where the progress of the download is shown. */
  readonly stream: ProgressStream;
}

/** Folder of the cache that holds a TensorFlow build: its libraries under `lib`, its C headers under `include`. */
export function libraryFolder(options: Omit<LibraryOptions, 'stream'>): string {
  const key = `${tensorflowVersion}-${options.variant}-${options.platform}`;
  return path.join(options.cache, 'tensorflow', key);
}

/**
 * Makes sure that the cache holds the native TensorFlow library, fetching it where it does not.
 * @returns whether it was fetched now
 * @throws CompoundSearchError `PLATFORM_UNSUPPORTED` without a build for the platform; `DOWNLOAD_FAILED`.
 */
export async function ensureLibrary(options: LibraryOptions): Promise<boolean> {
  const artefacts = tensorflowArtefacts(options.platform, options.variant);
  if (!artefacts) {
    const wanted = `TensorFlow ${tensorflowVersion} (${options.variant}) for ${options.platform}`;
    throw new CompoundSearchError('PLATFORM_UNSUPPORTED', `There is no build of ${wanted}.`, {
      value: options.platform,
      remedy: options.variant === 'gpu' ? 'Run the set-up without --gpu.' : 'Use 64-bit Linux or Apple silicon.',
    });
  }
  return ensureCached({
    folder: libraryFolder(options),
    fill: (partial) => fetchAll(artefacts, partial, options.stream),
    onWait: () => options.stream.write('Another process is fetching TensorFlow; waiting for it.\n'),
  });
}

async function fetchAll(artefacts: readonly Artefact[], folder: string, stream: ProgressStream): Promise<void> {
  const python = await findPythonWithPip();
  const totalBytes = artefacts.reduce((sum, artefact) => sum + artefact.bytes, 0);
  const progress = createProgress(`TensorFlow ${tensorflowVersion}`, totalBytes, stream);
  let fetched = 0;
  try {
    for (const artefact of artefacts) {
      const before = fetched;
      const onProgress = (bytes: number): void => progress.update(before + bytes);
      const wheel = await fetchWheel(artefact, { python, into: folder, onProgress });
      await extract(wheel, folder, libraryFile);
      // The wheel goes before the next one comes: all of them together are several gigabytes.
      await rm(path.dirname(path.dirname(wheel)), { recursive: true });
      fetched += artefact.bytes;
    }
  } finally {
    progress.end();
  }
}

const wheelLibrary = /^tensorflow\/(libtensorflow_(?:cc|framework)\.[^/]+)$/;
// All that the addon's sources include, directly or not.
const wheelHeader =
  /^tensorflow\/(include\/(?:tensorflow\/c|tensorflow\/core\/platform|tsl\/platform|xla\/tsl\/c)\/.+\.h)$/;
// The TensorFlow libraries look for CUDA's at ../nvidia/<part>/lib from their own folder.
const cudaFile = /^nvidia\/[^/]+\/(?:lib|bin|nvvm)\/.+$/;
const notice = /^tensorflow\/(THIRD_PARTY_NOTICES\.txt)$/;

function libraryFile(entryName: string): string | undefined {
  const library = wheelLibrary.exec(entryName)?.[1];
  if (library) return `lib/${library}`;
  if (cudaFile.test(entryName)) return entryName;
  return (wheelHeader.exec(entryName) ?? notice.exec(entryName))?.[1];
}
