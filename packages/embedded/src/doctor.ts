import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';

import { CompoundSearchError } from '@compound-search/contracts';

import { type TensorflowVariant } from './download/artefacts.ts';
import { findPythonWithPip } from './download/fetch-wheel.ts';
import { cacheFolder } from './env.ts';
import { run } from './programs.ts';
import { postgresBinaries } from './services/postgres-binaries.ts';
import { valkeyBinary } from './services/valkey-binary.ts';
import { findCompiler, libraryOf, linkedAddon } from './tensorflow/addon.ts';
import { linkedVariant, tensorflowPackage } from './tensorflow/ensure-tensorflow.ts';
import { probeLibrary, type ProbeOutcome } from './tensorflow/probe-library.ts';

/** Something that is not there, and how to get it. */
export interface Missing {
  readonly what: string;
  readonly reason: string;
  readonly remedy: string;
}

/** A program that is there. */
export interface FoundProgram {
  readonly command: string;
  readonly version: string;
}

/** The native TensorFlow that the service would train with. */
export interface FoundTensorflow {
  /** Path of the compiled addon. */
  readonly addon: string;
  /** Which pinned build; undefined for one that the npm package's own install script provided. */
  readonly variant: TensorflowVariant | undefined;
  /** Folder of the build, with its libraries under `lib`; undefined as the variant is. */
  readonly libraryFolder: string | undefined;
  /** What was seen when it was loaded in a process of its own. */
  readonly outcome: ProbeOutcome;
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
    attempt('TensorFlow', findTensorflow),
    attempt('PostgreSQL', findPostgres),
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

async function findTensorflow(): Promise<FoundTensorflow> {
  const packageFolder = tensorflowPackage();
  const addon = linkedAddon(packageFolder);
  if (addon === undefined) {
    const message = 'The Node addon over the native library is not there.';
    throw new CompoundSearchError('TENSORFLOW_UNAVAILABLE', message, { remedy: setUpRemedy });
  }
  const variant = linkedVariant(packageFolder);
  const outcome = await probeLibrary(addon);
  return { addon, variant, libraryFolder: variant && libraryOf(addon), outcome };
}

function unusableLibrary({ outcome }: FoundTensorflow): Missing[] {
  if (outcome.canRun) return [];
  const remedy = 'Delete the cache folder and run `npm run setup`; the processor must have AVX.';
  return [{ what: 'TensorFlow', reason: outcome.reason, remedy }];
}

async function findPostgres(): Promise<FoundProgram> {
  const command = path.join(postgresBinaries().folder, 'bin', 'postgres');
  const { code, stdout, stderr } = await run(command, ['--version']);
  const version = /\d+(?:\.\d+)+/.exec(stdout)?.[0];
  if (code === 0 && version !== undefined) return { command, version };
  const message = `${command} does not run: ${stderr.trim()}`;
  throw new CompoundSearchError('SERVICE_START_FAILED', message, { remedy: 'Run `npm ci`, then `npm run setup`.' });
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
