import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { extract } from '../src/extract.ts';

/** A zip archive made by Python's own module, which keeps the modes of the files. */
async function archiveOf(
  files: Record<string, { text: string; mode: number }>,
): Promise<{ archive: string; target: string }> {
  const folder = await temporaryFolder();
  const source = path.join(folder, 'source');
  for (const [name, { text, mode }] of Object.entries(files)) {
    const file = path.join(source, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  }
  const archive = path.join(folder, 'archive.zip');
  const { status, stderr } = spawnSync('python3', ['-m', 'zipfile', '-c', archive, `${source}/.`], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const target = path.join(folder, 'target');
  mkdirSync(target);
  return { archive, target };
}

describe('extracting an archive', () => {
  it('writes the selected files alone, where the selection says, with their executable bits', async () => {
    const { archive, target } = await archiveOf({
      'a/program': { text: '#!/bin/sh\n', mode: 0o755 },
      'a/data': { text: 'x'.repeat(100_000), mode: 0o644 },
      'b/unwanted': { text: 'no', mode: 0o644 },
    });
    const written = await extract(archive, target, (name) => /^a\/(.+)$/.exec(name)?.[1]);
    expect(written.sort()).toEqual(['data', 'program']);
    expect(readFileSync(path.join(target, 'data'), 'utf8')).toBe('x'.repeat(100_000));
    expect(statSync(path.join(target, 'program')).mode & 0o111).toBe(0o111);
    expect(statSync(path.join(target, 'data')).mode & 0o111).toBe(0);
    expect(existsSync(path.join(target, 'unwanted'))).toBe(false);
  });

  it('fails on an archive that is cut', async () => {
    const { archive, target } = await archiveOf({ data: { text: 'some text', mode: 0o644 } });
    truncateSync(archive, statSync(archive).size - 30);
    await expect(extract(archive, target, (name) => name)).rejects.toThrow();
  });
});
