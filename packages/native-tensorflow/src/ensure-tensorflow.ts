import { createRequire } from 'node:module';
import path from 'node:path';

import { cacheFolder } from '@compound-search/cache-folder';
import { CompoundSearchError } from '@compound-search/contracts';
import { currentPlatform, lastLines, type ProgressStream, run } from '@compound-search/downloads';

import { addonFile, addonLink, ensureAddon, libraryOf, linkAddon, linkedAddon } from './addon.ts';
import { type TensorflowVariant } from './artefacts.ts';
import { ensureLibrary, libraryFolder } from './library.ts';
import { probeLibrary } from './probe-library.ts';

/** How native TensorFlow came to be usable. */
export interface TensorflowSetup {
  /** The addon that the package loads. */
  readonly addon: string;
  /** Which of the pinned builds it uses; undefined where the package's own install script provided one. */
  readonly variant: TensorflowVariant | undefined;
  /** What this call did, for a person; empty where everything was in place. */
  readonly done: readonly string[];
}

/** What to set up and where to show the progress. */
export interface EnsureTensorflowOptions {
  /** @defaultValue the build in use, or the processor build where there is none */
  readonly variant?: TensorflowVariant | undefined;
  readonly stream: ProgressStream;
}

/**
 * Folder of the npm package that holds the addon's sources and loads the compiled addon.
 * @throws CompoundSearchError `TENSORFLOW_UNAVAILABLE` where it is not installed.
 */
export function tensorflowPackage(): string {
  try {
    return path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json'));
  } catch (cause) {
    const message = 'The npm package @tensorflow/tfjs-node-gpu is not installed.';
    throw new CompoundSearchError('TENSORFLOW_UNAVAILABLE', message, { remedy: 'Run `npm run setup`.', cause });
  }
}

/**
 * Makes native TensorFlow usable by the npm package: the pinned library in the cache, the addon compiled for it, and the
 * package pointed at the addon. Where that is not possible, the package's own install script is tried.
 * @throws CompoundSearchError `TENSORFLOW_UNAVAILABLE` with what was tried and how to mend it.
 */
export async function ensureTensorflow(options: EnsureTensorflowOptions): Promise<TensorflowSetup> {
  const packageFolder = tensorflowPackage();
  const variant = options.variant ?? linkedVariant(packageFolder) ?? 'cpu';
  try {
    return await usePinnedBuild(packageFolder, variant, options.stream);
  } catch (error) {
    // The script knows no pinned build and no current GPU, so it is no way to what --gpu asks for.
    if (!(error instanceof CompoundSearchError) || variant === 'gpu') throw error;
    return useInstallScript(packageFolder, error);
  }
}

/** Which pinned build the package uses, in whatever cache folder; undefined where it uses none. */
export function linkedVariant(packageFolder: string): TensorflowVariant | undefined {
  const addon = linkedAddon(packageFolder);
  const library = addon && libraryOf(addon);
  const variants: TensorflowVariant[] = ['cpu', 'gpu'];
  return variants.find((variant) => library?.endsWith(`-${variant}-${currentPlatform()}`));
}

/** Folder of the cache that holds, or would hold, a pinned build. */
export function pinnedLibrary(variant: TensorflowVariant): string {
  return libraryFolder({ cache: cacheFolder(), platform: currentPlatform(), variant });
}

async function usePinnedBuild(
  packageFolder: string,
  variant: TensorflowVariant,
  stream: ProgressStream,
): Promise<TensorflowSetup> {
  const done: string[] = [];
  const step = async (text: string, work: () => Promise<boolean>): Promise<void> => {
    const start = performance.now();
    if (!(await work())) return;
    const seconds = (performance.now() - start) / 1000;
    done.push(seconds < 0.1 ? text : `${text} in ${seconds.toFixed(1)} s`);
  };
  const library = pinnedLibrary(variant);
  const addon = addonFile({ packageFolder, library });
  await step('fetched', () => ensureLibrary({ cache: cacheFolder(), platform: currentPlatform(), variant, stream }));
  await step('addon compiled', () => ensureAddon({ packageFolder, library }));
  await step('linked', () => linkAddon(packageFolder, addon));
  if (done.length > 0) await refuseUnusable(addon);
  return { addon, variant, done };
}

async function useInstallScript(packageFolder: string, first: CompoundSearchError): Promise<TensorflowSetup> {
  const addon = linkedAddon(packageFolder);
  if (addon !== undefined && (await probeLibrary(addon)).canRun) return { addon, variant: undefined, done: [] };
  const script = path.join(packageFolder, 'scripts', 'install.js');
  const outcome = await run(process.execPath, [script, 'gpu', 'download'], { cwd: packageFolder });
  const link = addonLink(packageFolder);
  if (outcome.code === 0 && (await probeLibrary(link)).canRun) {
    return { addon: link, variant: undefined, done: ["installed by the npm package's own script"] };
  }
  const output = outcome.stderr + outcome.stdout;
  const said = /^.*\bError:.*$/m.exec(output)?.[0] ?? lastLines(output, 4);
  const message = `Native TensorFlow cannot be set up.\n1. ${first.message}\n2. The install script of @tensorflow/tfjs-node-gpu failed: ${said}`;
  throw new CompoundSearchError('TENSORFLOW_UNAVAILABLE', message, {
    ...(first.remedy === undefined ? {} : { remedy: first.remedy }),
    cause: first,
  });
}

async function refuseUnusable(addon: string): Promise<void> {
  const outcome = await probeLibrary(addon);
  if (outcome.canRun) return;
  throw new CompoundSearchError('TENSORFLOW_UNAVAILABLE', outcome.reason, {
    value: addon,
    remedy: 'Check that the processor has AVX and that the C++ runtime is of GCC 9 or later.',
  });
}
