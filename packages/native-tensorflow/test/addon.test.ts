import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { describe, expect, it, vi } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { addonFile, addonLink, ensureAddon, findCompiler, libraryOf, linkAddon, linkedAddon } from '../src/addon.ts';
import { tensorflowVersion } from '../src/artefacts.ts';
import { tensorflowPackage } from '../src/ensure-tensorflow.ts';
import { probeLibrary } from '../src/probe-library.ts';

/** A package and a TensorFlow build as far as the file names go. */
async function folders(): Promise<{ packageFolder: string; library: string; cache: string }> {
  const cache = await temporaryFolder();
  const packageFolder = path.join(cache, 'package');
  const library = path.join(cache, '2.21.0-cpu-linux-x64');
  mkdirSync(packageFolder);
  mkdirSync(path.join(library, 'lib'), { recursive: true });
  writeFileSync(path.join(packageFolder, 'package.json'), '{"version":"4.22.0"}');
  return { packageFolder, library, cache };
}

function program(folder: string, name: string, script: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('the C++ compiler', () => {
  it('is the one that CXX names, else the first of the usual names', async () => {
    const folder = await temporaryFolder();
    const clang = program(folder, 'clang++', 'true');
    const gcc = program(folder, 'g++', 'true');
    vi.stubEnv('CXX', '');
    expect(findCompiler([folder])).toBe(gcc);
    vi.stubEnv('CXX', clang);
    expect(findCompiler([folder])).toBe(clang);
    vi.unstubAllEnvs();
  });

  it('is asked for with the way to get it where there is none', async () => {
    const empty = await temporaryFolder();
    vi.stubEnv('CXX', '');
    expect(() => findCompiler([empty])).toThrow(
      expect.objectContaining({
        code: 'TENSORFLOW_UNAVAILABLE',
        remedy: expect.stringMatching(/apt-get install g\+\+.*xcode-select --install/) as unknown,
      }),
    );
    vi.unstubAllEnvs();
  });
});

describe('compiling the addon', () => {
  it('says what the compiler said where it fails, and leaves nothing', async () => {
    const { cache, ...options } = await folders();
    const bin = path.join(cache, 'bin');
    mkdirSync(bin);
    program(bin, 'c++', 'echo "error: unknown option -std=c++17" >&2; exit 1');
    vi.stubEnv('CXX', '');
    await expect(ensureAddon({ ...options, folders: [bin] })).rejects.toMatchObject({
      code: 'TENSORFLOW_UNAVAILABLE',
      message: expect.stringContaining('unknown option -std=c++17') as unknown,
    });
    vi.unstubAllEnvs();
    expect(readdirSync(cache).filter((name) => name.includes('addon'))).toEqual([]);
  });

  it('makes one that finds its library by itself and runs', { timeout: 300_000 }, async () => {
    const cache = await temporaryFolder();
    const packageFolder = tensorflowPackage();
    const library = path.join(cache, 'build');
    symlinkSync(libraryOf(linkedAddon(packageFolder) ?? '') ?? '', library);
    expect(await ensureAddon({ packageFolder, library })).toBe(true);
    expect(await ensureAddon({ packageFolder, library })).toBe(false);
    const outcome = await probeLibrary(addonFile({ packageFolder, library }));
    expect(outcome).toMatchObject({ canRun: true, library: { version: tensorflowVersion } });
  });

  it('is known by the build and the version of the package', async () => {
    const { library, ...options } = await folders();
    const addon = addonFile({ ...options, library });
    expect(addon).toBe(path.join(`${library}-addon-4.22.0`, 'tfjs_binding.node'));
    expect(libraryOf(addon)).toBe(library);
    expect(libraryOf('/elsewhere/lib/napi-v8/tfjs_binding.node')).toBeUndefined();
  });
});

describe('linking the addon', () => {
  it('points the package at it, once', async () => {
    const { cache, packageFolder } = await folders();
    const addon = path.join(cache, 'tfjs_binding.node');
    writeFileSync(addon, 'ours');
    expect(linkedAddon(packageFolder)).toBeUndefined();
    expect(await linkAddon(packageFolder, addon)).toBe(true);
    expect(linkedAddon(packageFolder)).toBe(realpathSync(addon));
    expect(await linkAddon(packageFolder, addon)).toBe(false);
  });

  it('replaces a file that another way has put there, and a link that leads nowhere', async () => {
    const { cache, packageFolder } = await folders();
    const addon = path.join(cache, 'tfjs_binding.node');
    const link = addonLink(packageFolder);
    mkdirSync(path.dirname(link), { recursive: true });
    writeFileSync(link, 'another');
    writeFileSync(addon, 'ours');
    await linkAddon(packageFolder, addon);
    expect(readFileSync(link, 'utf8')).toBe('ours');

    const newer = path.join(cache, 'newer.node');
    await linkAddon(packageFolder, addon);
    writeFileSync(newer, 'newer');
    rmSync(addon);
    expect(existsSync(link)).toBe(false);
    await linkAddon(packageFolder, newer);
    expect(readlinkSync(link)).toBe(newer);
    expect(readdirSync(path.dirname(link))).toEqual(['tfjs_binding.node']);
  });
});
