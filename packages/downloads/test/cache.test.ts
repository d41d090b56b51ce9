import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { ensureCached, isComplete } from '../src/cache.ts';

/** A cache folder that counts how often it is filled. */
async function countedFolder(): Promise<{
  folder: string;
  parent: string;
  fill: () => Promise<boolean>;
  count: () => number;
}> {
  const parent = await temporaryFolder();
  const folder = path.join(parent, 'content-1.0');
  let count = 0;
  const fill = (): Promise<boolean> =>
    ensureCached({
      folder,
      fill: async (partial) => {
        count += 1;
        await sleep(50);
        mkdirSync(path.join(partial, 'deep'));
        await writeFile(path.join(partial, 'deep', 'file'), 'content');
      },
    });
  return { folder, parent, fill, count: () => count };
}

describe('the cache', () => {
  it('fills a folder once', async () => {
    const { folder, fill, count } = await countedFolder();
    expect(await fill()).toBe(true);
    expect(await fill()).toBe(false);
    expect(count()).toBe(1);
    expect(readFileSync(path.join(folder, 'deep', 'file'), 'utf8')).toBe('content');
  });

  it('lets one of many at once fill the folder, and the others use it', async () => {
    const { parent, fill, count } = await countedFolder();
    const filled = await Promise.all(Array.from({ length: 5 }, fill));
    expect(filled.filter(Boolean)).toHaveLength(1);
    expect(count()).toBe(1);
    expect(readdirSync(parent)).toEqual(['content-1.0']);
  });

  it('says once that it waits for another', async () => {
    const { folder, fill } = await countedFolder();
    const first = fill();
    await sleep(20);
    let waits = 0;
    const second = ensureCached({
      folder,
      fill: () => Promise.reject(new Error('unused')),
      onWait: () => (waits += 1),
    });
    expect(await Promise.all([first, second])).toEqual([true, false]);
    expect(waits).toBe(1);
  });

  it('leaves nothing of a fill that fails, and fills the next time', async () => {
    const { folder, parent, fill } = await countedFolder();
    const failing = ensureCached({
      folder,
      fill: async (partial) => {
        await writeFile(path.join(partial, 'half'), 'ha');
        throw new Error('the disk is full');
      },
    });
    await expect(failing).rejects.toThrow('the disk is full');
    expect(readdirSync(parent)).toEqual([]);
    expect(await fill()).toBe(true);
  });

  it('takes over from a process that was killed while it filled the folder', async () => {
    const { folder, parent, fill } = await countedFolder();
    mkdirSync(`${folder}.partial-of-the-dead`);
    mkdirSync(`${folder}.lock`);
    // The lock of a living process is touched every few seconds.
    utimesSync(`${folder}.lock`, new Date(0), new Date(0));
    expect(await fill()).toBe(true);
    expect(readdirSync(parent)).toEqual(['content-1.0']);
  });

  it.each([
    ['is cut', (file: string) => truncateSync(file, 3)],
    ['is gone', (file: string) => rmSync(file)],
  ])('fills a folder again of which a file %s', async (_, damage) => {
    const { folder, fill } = await countedFolder();
    await fill();
    const file = path.join(folder, 'deep', 'file');
    damage(file);
    expect(isComplete(folder)).toBe(false);
    expect(await fill()).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('content');
  });

  it('does not take a folder without its manifest for whole', async () => {
    const { folder, fill } = await countedFolder();
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'stray'), '');
    expect(await fill()).toBe(true);
    expect(existsSync(path.join(folder, 'stray'))).toBe(false);
  });
});
