import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { CompoundSearchError } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { lockDataFolder } from '../src/data-folder.ts';
import { kill, startProgram } from './programs.ts';

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync('true').pid;
}

describe('the lock of a data folder', () => {
  it('creates the folder and refuses a second owner with the process id of the first', async () => {
    const folder = path.join(await temporaryFolder(), 'a', 'b');
    const { child, firstLine } = await startProgram('contender.ts', folder);
    expect(firstLine).toBe('owner');
    const error = thrownBy(() => lockDataFolder(folder));
    expect(error).toBeInstanceOf(CompoundSearchError);
    expect(error).toMatchObject({ code: 'DATA_FOLDER_IN_USE', value: folder });
    expect(String(error)).toContain(String(child.pid));
  });

  it('is free again after a release, also for the same process', async () => {
    const folder = await temporaryFolder();
    const first = lockDataFolder(folder);
    expect(thrownBy(() => lockDataFolder(folder))).toMatchObject({ code: 'DATA_FOLDER_IN_USE' });
    first.release();
    lockDataFolder(folder).release();
  });

  it('succeeds an owner that was killed', async () => {
    const folder = await temporaryFolder();
    const { child } = await startProgram('contender.ts', folder);
    await kill(child);
    lockDataFolder(folder).release();
  });

  it('succeeds an owner whose process id now belongs to another process', async () => {
    const folder = await temporaryFolder();
    mkdirSync(path.join(folder, 'owner'));
    // This very process has the id, but not the start that is noted.
    writeFileSync(path.join(folder, 'owner', '7.json'), JSON.stringify({ pid: process.pid, mark: 'another start' }));
    const owned = lockDataFolder(folder);
    expect(readdirSync(path.join(folder, 'owner'))).toEqual(['8.json']);
    owned.release();
  });

  it('goes to exactly one of many that succeed a dead owner at once', async () => {
    const folder = await temporaryFolder();
    mkdirSync(path.join(folder, 'owner'));
    writeFileSync(path.join(folder, 'owner', '1.json'), JSON.stringify({ pid: deadPid(), mark: 'long ago' }));
    const contenders = await Promise.all(Array.from({ length: 5 }, () => startProgram('contender.ts', folder)));
    const outcomes = contenders.map(({ firstLine }) => firstLine).sort();
    expect(outcomes).toEqual([...Array<string>(4).fill('DATA_FOLDER_IN_USE'), 'owner']);
  });

  it('names a folder that cannot be made', async () => {
    const file = path.join(await temporaryFolder(), 'file');
    writeFileSync(file, '');
    const error = thrownBy(() => lockDataFolder(path.join(file, 'data')));
    expect(error).toMatchObject({ code: 'DATA_FOLDER_INVALID', value: path.join(file, 'data') });
    expect(statSync(file).isFile()).toBe(true);
  });
});
