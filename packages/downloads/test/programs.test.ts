import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { findPrograms, run } from '../src/index.ts';

function shell(script: string, options: Parameters<typeof run>[2] = {}): ReturnType<typeof run> {
  return run('/bin/sh', ['-c', script], options);
}

describe('running a program to its end', () => {
  it.each([
    [
      'both outputs whole, with their last line breaks',
      'echo out; echo err >&2',
      { code: 0, stdout: 'out\n', stderr: 'err\n' },
    ],
    ['the exit code of one that fails', 'echo no >&2; exit 3', { code: 3, stdout: '', stderr: 'no\n' }],
    ['no exit code of one that a signal ended', 'kill -9 $$', { code: null, stdout: '', stderr: '' }],
    ['one that waits for input, which ends', 'cat', { code: 0, stdout: '', stderr: '' }],
  ])('gives %s', async (_what, script, outcome) => {
    expect(await shell(script)).toEqual(outcome);
  });

  it('gives it its input, and does not mind where that is not read', async () => {
    expect(await shell('cat', { input: 'text' })).toMatchObject({ code: 0, stdout: 'text' });
    expect(await shell('exit 0', { input: 'x'.repeat(1_000_000) })).toMatchObject({ code: 0 });
  });

  it('gives it an environment of its own, or that of this process', async () => {
    expect(await shell('echo $ONLY$HOME', { env: { ONLY: 'this' } })).toMatchObject({ stdout: 'this\n' });
    expect((await shell('echo $PATH')).stdout).not.toBe('\n');
  });

  it('ends one that takes too long', async () => {
    expect(await shell("trap '' TERM; while :; do :; done", { timeoutMs: 100 })).toMatchObject({ code: null });
  });

  it('takes arguments as they are, with no shell between', async () => {
    expect(await run('/bin/echo', ['$HOME; exit 1', '*'])).toMatchObject({ stdout: '$HOME; exit 1 *\n' });
  });

  it('fails where it cannot be started', async () => {
    await expect(run(path.join(await temporaryFolder(), 'none'), [])).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('finding programs', () => {
  it('gives the executable files of these names, names first, then folders', async () => {
    const [one, two] = await Promise.all([temporaryFolder(), temporaryFolder()]);
    for (const [folder, name, mode] of [
      [two, 'a', 0o755],
      [one, 'b', 0o755],
      [two, 'b', 0o755],
      [one, 'a', 0o644],
    ] as const) {
      const file = path.join(folder, name);
      writeFileSync(file, '');
      chmodSync(file, mode);
    }
    const found = [path.join(two, 'a'), path.join(one, 'b'), path.join(two, 'b')];
    expect(findPrograms(['a', 'b', 'c'], [one, two])).toEqual(found);
    expect(findPrograms([path.join(one, 'b'), 'a'], [])).toEqual([path.join(one, 'b')]);
  });
});
