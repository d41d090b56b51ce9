import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { temporaryFolder } from '../../../../test/temporary-folder.ts';
import { hashSources, programHash } from '../../src/trial/program-hash.ts';

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return folder;
}

const sources = { 'step.ts': 'one', 'deep/order.ts': 'two' };

describe('the hash of sources', () => {
  it('depends on the names and contents of all sources, and on nothing else', async () => {
    const hash = await hashSources([await folderOf(sources)]);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashSources([await folderOf({ ...sources, 'notes.md': 'notes' })])).toBe(hash);
    for (const changed of [{ 'deep/order.ts': 'three' }, { 'another.ts': '' }]) {
      expect(await hashSources([await folderOf({ ...sources, ...changed })])).not.toBe(hash);
    }
  });

  it('is the same whenever it is asked for of this program', async () => {
    expect(await programHash()).toMatch(/^[0-9a-f]{16}$/);
    expect(await programHash()).toBe(await programHash());
  });
});
