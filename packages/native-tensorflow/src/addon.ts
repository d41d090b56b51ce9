import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { mkdir, rename, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

import { CompoundSearchError } from '@compound-search/contracts';
import { ensureCached, findPrograms, lastLines, run, searchPath } from '@compound-search/downloads';

import { preferredCompiler } from './env.ts';

const require = createRequire(import.meta.url);

/** Highest Node-API version that the addon is written for; every supported Node offers it. */
const nodeApiVersion = 8;

/** What to compile and against what. */
export interface AddonOptions {
  /** Folder of the package that holds the addon's sources. */
  readonly packageFolder: string;
  /** Folder of the TensorFlow build, see {@link libraryFolder}. */
  readonly library: string;
  /** Folders in which a C++ compiler is looked for. @defaultValue the search path */
  readonly folders?: readonly string[];
}

/**
 * Path of the compiled addon in the cache. It is beside the library that it was compiled for, and finds it by a relative
 * path; the version in its name is the package's.
 */
export function addonFile(options: AddonOptions): string {
  return path.join(addonFolder(options), 'tfjs_binding.node');
}

function addonFolder(options: AddonOptions): string {
  return `${options.library}-addon-${packageVersion(options.packageFolder)}`;
}

/** Folder of the TensorFlow build that an addon of the cache was compiled for; undefined for another addon. */
export function libraryOf(addon: string): string | undefined {
  return /^(.+)-addon-[^/]+$/.exec(path.dirname(addon))?.[1];
}

/**
 * Compiles the Node addon over TensorFlow's C API, once per library and package version. The addon uses the stable
 * Node-API only, so one file serves every Node version and needs no headers of the Node at hand.
 * @returns whether it was compiled now
 * @throws CompoundSearchError `TENSORFLOW_UNAVAILABLE` without a C++ compiler, or where compilation fails.
 */
export async function ensureAddon(options: AddonOptions): Promise<boolean> {
  return ensureCached({
    folder: addonFolder(options),
    fill: (partial) => compile(options, path.join(partial, 'tfjs_binding.node')),
  });
}

async function compile(options: AddonOptions, output: string): Promise<void> {
  const compiler = findCompiler(options.folders ?? searchPath());
  const { code, stderr } = await run(compiler, compilerArguments(options, output));
  if (code === 0) return;
  throw new CompoundSearchError(
    'TENSORFLOW_UNAVAILABLE',
    `${compiler} cannot compile the addon: ${lastLines(stderr, 12)}`,
    {
      value: compiler,
      remedy: 'Use a compiler that knows C++17, such as GCC 9 or Clang 9; the variable CXX names another one.',
    },
  );
}

function compilerArguments(options: AddonOptions, output: string): string[] {
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) =>
    path.join(options.packageFolder, 'binding', name),
  );
  const includes = [nodeApiHeaders(), path.join(options.library, 'include')].map((folder) => `-I${folder}`);
  const libraryFolder = path.join(options.library, 'lib');
  const libraries = readdirSync(libraryFolder).map((name) => path.join(libraryFolder, name));
  const isMac = process.platform === 'darwin';
  // The symbols of Node itself are found when the addon is loaded.
  const kind = isMac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared', '-fPIC'];
  const origin = isMac ? '@loader_path' : '$ORIGIN';
  const libraryPath = `-Wl,-rpath,${origin}/../${path.basename(options.library)}/lib`;
  return [
    '-std=c++17',
    '-O2',
    `-DNAPI_VERSION=${nodeApiVersion}`,
    ...kind,
    ...includes,
    ...sources,
    ...libraries,
    libraryPath,
    '-o',
    output,
  ];
}

function nodeApiHeaders(): string {
  return path.join(path.dirname(require.resolve('node-api-headers/package.json')), 'include');
}

/**
 * The C++ compiler to use: the one that `CXX` names, else the first of the usual names on the search path.
 * @throws CompoundSearchError `TENSORFLOW_UNAVAILABLE` where there is none.
 */
export function findCompiler(folders: readonly string[] = searchPath()): string {
  const preferred = preferredCompiler();
  const [compiler] = findPrograms([...(preferred ? [preferred] : []), 'c++', 'g++', 'clang++'], folders);
  if (compiler) return compiler;
  throw new CompoundSearchError(
    'TENSORFLOW_UNAVAILABLE',
    'There is no C++ compiler (c++, g++, clang++) on the search path.',
    {
      remedy: 'Install one: `apt-get install g++` on Debian, `xcode-select --install` on macOS.',
    },
  );
}

/** Where the package looks for its addon. */
export function addonLink(packageFolder: string): string {
  return path.join(packageFolder, 'lib', `napi-v${nodeApiVersion}`, 'tfjs_binding.node');
}

/** The addon that the package would load: the real path, or undefined where there is none. */
export function linkedAddon(packageFolder: string): string | undefined {
  const link = addonLink(packageFolder);
  return existsSync(link) ? realpathSync(link) : undefined;
}

/**
 * Points the package at the compiled addon. Whatever lay there is replaced in one step, and a process that has it loaded
 * keeps it.
 * @returns whether anything changed
 */
export async function linkAddon(packageFolder: string, addon: string): Promise<boolean> {
  if (linkedAddon(packageFolder) === realpathSync(addon)) return false;
  const link = addonLink(packageFolder);
  await mkdir(path.dirname(link), { recursive: true });
  const temporary = `${link}.${randomUUID()}`;
  await symlink(addon, temporary);
  await rename(temporary, link);
  return true;
}

function packageVersion(packageFolder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error(`${packageFolder}/package.json names no version.`);
}
