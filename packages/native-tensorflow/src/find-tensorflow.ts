import { CompoundSearchError } from '@compound-search/contracts';

import { libraryOf, linkedAddon } from './addon.ts';
import { type TensorflowVariant } from './artefacts.ts';
import { linkedVariant, tensorflowPackage } from './ensure-tensorflow.ts';
import { probeLibrary, type ProbeOutcome } from './probe-library.ts';

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

/**
 * Looks at the TensorFlow that is set up, and tries it; nothing is changed.
 * @throws CompoundSearchError `TENSORFLOW_UNAVAILABLE` where there is none; one that cannot run is an outcome.
 */
export async function findTensorflow(): Promise<FoundTensorflow> {
  const packageFolder = tensorflowPackage();
  const addon = linkedAddon(packageFolder);
  if (addon === undefined) {
    const message = 'The Node addon over the native library is not there.';
    throw new CompoundSearchError('TENSORFLOW_UNAVAILABLE', message, { remedy: 'Run `npm run setup`.' });
  }
  const variant = linkedVariant(packageFolder);
  const outcome = await probeLibrary(addon);
  return { addon, variant, libraryFolder: variant && libraryOf(addon), outcome };
}
