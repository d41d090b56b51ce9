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
  // Few runs need it, and it takes a tenth of a command's start.
  const { execa } = await import('execa');
  const { exitCode } = await execa(process.execPath, [setUp, '--gpu'], {
    cwd: repositoryRoot,
    stdin: 'ignore',
    // Its output would otherwise be taken for a result.
    stdout: process.stderr,
    stderr: process.stderr,
    cancelSignal: stop,
    reject: false,
  });
  if (exitCode === 0 || stop.aborted) return;
  throw new CompoundSearchError('TENSORFLOW_UNAVAILABLE', 'The CUDA build of TensorFlow cannot be set up', {
    field: '--gpu',
    remedy: 'See what the set-up says above; without --gpu the CPU is used.',
  });
}
