import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { listCheckpoints, removeCheckpoints, removeOldCheckpoints } from '@compound-search/training';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { checkpointFolder, checkpointsFolder } from '../../src/trial/checkpoints.ts';

const day = 24 * 3600 * 1000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-left-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Leaves a checkpoint of an attempt that was written so many days ago. */
async function leave(trialId: string, days: number, attempt = 1): Promise<void> {
  const attemptFolder = path.join(checkpointFolder(folder, trialId), String(attempt));
  await mkdir(path.join(attemptFolder, 'step-1'), { recursive: true });
  const time = new Date(Date.now() - days * day);
  await utimes(attemptFolder, time, time);
}

describe('checkpoints that are left behind', () => {
  it('go when they are a week old, and no sooner', async () => {
    await leave('old', 8);
    await leave('young', 6);
    await removeOldCheckpoints(folder);
    expect(await readdir(checkpointsFolder(folder))).toEqual(['young']);
  });

  it('stay where another attempt goes on with the trial, which loses only what is old', async () => {
    await leave('trial', 8, 1);
    await leave('trial', 0, 2);
    await removeOldCheckpoints(folder);
    expect(await readdir(checkpointFolder(folder, 'trial'))).toEqual(['2']);
  });

  it('go with their trial, whether it has any or not', async () => {
    await leave('one', 0);
    await leave('other', 0);
    await removeCheckpoints('one', folder);
    await removeCheckpoints('without any', folder);
    expect(await readdir(checkpointsFolder(folder))).toEqual(['other']);
    expect(await listCheckpoints(folder)).toEqual(['other']);
  });

  it('are none before the first training', async () => {
    await expect(removeOldCheckpoints(path.join(folder, 'of nobody'))).resolves.toBeUndefined();
    expect(await listCheckpoints(path.join(folder, 'of nobody'))).toEqual([]);
  });
});
