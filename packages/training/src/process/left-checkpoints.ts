import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

import { checkpointFolder, checkpointsFolder } from '../trial/checkpoints.ts';
import { trainingFolderOfEnvironment } from './env.ts';

/** A trial that nobody has gone on with for a week has ended elsewhere, or its search was given up. */
const oldMilliseconds = 7 * 24 * 3600 * 1000;

/** Removes the checkpoints of a trial that has ended. */
export async function removeCheckpoints(trialId: string, folder = trainingFolderOfEnvironment()): Promise<void> {
  await rm(checkpointFolder(folder, trialId), { recursive: true, force: true });
}

/** Removes checkpoints that are a week old: of trials that ended on another machine, or while no worker ran. */
export async function removeOldCheckpoints(folder = trainingFolderOfEnvironment()): Promise<void> {
  const all = checkpointsFolder(folder);
  for (const trialId of await readdir(all).catch(() => [])) {
    // Another worker may just have removed it.
    const found = await stat(path.join(all, trialId)).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > oldMilliseconds) await removeCheckpoints(trialId, folder);
  }
}
