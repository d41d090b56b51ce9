import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';

import { checkpointFolder, checkpointsFolder } from '../trial/checkpoints.ts';
import { trainingFolderOfEnvironment } from './env.ts';

/** A trial that nobody has gone on with for a week has ended elsewhere, or its search was given up. */
const oldMilliseconds = 7 * 24 * 3600 * 1000;

/** The trials of which there are checkpoints. */
export async function listCheckpoints(folder = trainingFolderOfEnvironment()): Promise<string[]> {
  return readdir(checkpointsFolder(folder)).catch(() => []);
}

/** Removes the checkpoints of all attempts at a trial, once it has ended. */
export async function removeCheckpoints(trialId: string, folder = trainingFolderOfEnvironment()): Promise<void> {
  await rm(checkpointFolder(folder, trialId), { recursive: true, force: true });
}

/**
 * Removes checkpoints that are a week old: of trials that ended on another machine, or while no worker ran. It goes
 * attempt by attempt, since another worker may be about to go on with the trial.
 */
export async function removeOldCheckpoints(folder = trainingFolderOfEnvironment()): Promise<void> {
  const all = checkpointsFolder(folder);
  for (const trialId of await readdir(all).catch(() => [])) {
    const trial = path.join(all, trialId);
    // Another worker may just have removed it.
    for (const attempt of await readdir(trial).catch(() => [])) {
      const attemptFolder = path.join(trial, attempt);
      if (await isOld(attemptFolder)) await rm(attemptFolder, { recursive: true, force: true });
    }
    // Only an empty folder goes; it fails where an attempt is left, as it should.
    await rmdir(trial).catch(() => undefined);
  }
}

async function isOld(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > oldMilliseconds;
}
