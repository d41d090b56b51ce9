import { spawn } from 'node:child_process';
import path from 'node:path';

import { CompoundSearchError } from '@compound-search/contracts';

import { repositoryRoot } from './repository.ts';

/**
 * Puts the CUDA build of TensorFlow in place of the one in use; milliseconds where it is there already.
 *
 * @throws CompoundSearchError TENSORFLOW_UNAVAILABLE where the set-up failed; it has said why.
 */
export async function setUpGpuBuild(stop: AbortSignal): Promise<void> {
  const setUp = path.join(repositoryRoot, 'scripts', 'setup.mjs');
  const code = await new Promise<number | null>((resolve, reject) => {
    // Its output would otherwise be taken for a result.
    const child = spawn(process.execPath, [setUp, '--gpu'], {
      cwd: repositoryRoot,
      stdio: ['ignore', 2, 2],
      signal: stop,
    });
    child.once('error', reject);
    child.once('exit', resolve);
  }).catch((error: unknown) => {
    if (stop.aborted) return null;
    throw error;
  });
  if (code === 0 || stop.aborted) return;
  throw new CompoundSearchError('TENSORFLOW_UNAVAILABLE', 'The CUDA build of TensorFlow cannot be set up', {
    field: '--gpu',
    remedy: 'See what the set-up says above; without --gpu the CPU is used.',
  });
}
