import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';

import { cacheFolder } from '@compound-search/cache-folder';
import { CompoundSearchError } from '@compound-search/contracts';
import { findPythonWithPip } from '@compound-search/downloads';
import { findPostgres, type FoundProgram, valkeyBinary } from '@compound-search/local-services';
import { findCompiler, findTensorflow, type FoundTensorflow } from '@compound-search/native-tensorflow';

/** Something that is not there, and how to get it. */
export interface Missing {
  readonly what: string;
  readonly reason: string;
  readonly remedy: string;
}

/** What this machine has of that which the service needs. */
export interface DoctorReport {
  readonly node: string;
  /** Operating system and processor, as Node names them. */
  readonly platform: string;
  readonly tensorflow: FoundTensorflow | undefined;
  readonly postgres: FoundProgram | undefined;
  readonly valkey: FoundProgram | undefined;
  /** What fetches and compiles; only the set-up needs them. */
  readonly python: string | undefined;
  readonly compiler: string | undefined;
  /** Where downloads are kept, and the space left there in bytes. */
  readonly cache: { readonly folder: string; readonly freeBytes: number };
  readonly missing: readonly Missing[];
  /** Whether TensorFlow was loaded here and ran an operation. */
  readonly trainingPossible: boolean;
}

const neededBytes = 2_000_000_000;
const oldestNode = [20, 19] as const;
const setUpRemedy = 'Run `npm run setup`.';

/** Looks at everything that the service needs of the machine; nothing is changed, and nothing missing is an error. */
export async function diagnose(): Promise<DoctorReport> {
  const [node, tensorflow, postgres, valkey, python, compiler] = await Promise.all([
    attempt('Node', requireNode),
    attempt('TensorFlow', () => findTensorflow()),
    attempt('PostgreSQL', () => findPostgres()),
    attempt('Valkey', () => valkeyBinary()),
    attempt('Python with pip', () => findPythonWithPip()),
    attempt('C++ compiler', () => findCompiler()),
  ]);
  const trainingPossible = tensorflow.found?.outcome.canRun === true;
  const cache = { folder: cacheFolder(), freeBytes: await freeBytes(cacheFolder()) };
  // Once TensorFlow is there, what fetched and compiled it may go.
  const forSetUp = trainingPossible ? [] : [...python.missing, ...compiler.missing, ...lackOfSpace(cache)];
  const unusable = tensorflow.found ? unusableLibrary(tensorflow.found) : [];
  return {
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    tensorflow: tensorflow.found,
    postgres: postgres.found,
    valkey: valkey.found,
    python: python.found,
    compiler: compiler.found,
    cache,
    missing: [...node.missing, ...tensorflow.missing, ...unusable, ...postgres.missing, ...valkey.missing, ...forSetUp],
    trainingPossible,
  };
}

interface Finding<T> {
  readonly found: T | undefined;
  readonly missing: readonly Missing[];
}

async function attempt<T>(what: string, find: () => T | Promise<T>): Promise<Finding<T>> {
  try {
    return { found: await find(), missing: [] };
  } catch (error) {
    if (!(error instanceof CompoundSearchError)) throw error;
    return { found: undefined, missing: [{ what, reason: error.message, remedy: error.remedy ?? setUpRemedy }] };
  }
}

function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  const remedy = `Install Node ${oldestNode.join('.')} or later.`;
  throw new CompoundSearchError('PLATFORM_UNSUPPORTED', `Node ${process.versions.node} is too old.`, { remedy });
}

function unusableLibrary({ outcome }: FoundTensorflow): Missing[] {
  if (outcome.canRun) return [];
  const remedy = 'Delete the cache folder and run `npm run setup`; the processor must have AVX.';
  return [{ what: 'TensorFlow', reason: outcome.reason, remedy }];
}

/** Free space on the disk that a folder is on, or will be on. */
async function freeBytes(folder: string): Promise<number> {
  let existing = folder;
  while (!existsSync(existing)) existing = path.dirname(existing);
  const { bavail, bsize } = await statfs(existing);
  return bavail * bsize;
}

function lackOfSpace({ folder, freeBytes }: DoctorReport['cache']): Missing[] {
  if (freeBytes >= neededBytes) return [];
  const reason = `${(freeBytes / 1e9).toFixed(1)} GB are free for ${folder}, and the set-up needs ${neededBytes / 1e9} GB.`;
  const remedy = 'Free some space, or name a folder on another disk in COMPOUND_SEARCH_CACHE_DIR.';
  return [{ what: 'Disk space', reason, remedy }];
}
