import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';

const program = fileURLToPath(new URL('program.ts', import.meta.url));

/** Runs the program with its standard output in a file. @returns what it said on standard error. */
async function log(file: string, lines: readonly string[], limit = 'unlimited'): Promise<string> {
  const script = 'ulimit -S -f "$1"; file=$2; shift 2; exec "$@" >> "$file"';
  const node = [process.execPath, '--import', import.meta.resolve('tsx'), program];
  const { stderr } = await promisify(execFile)('sh', ['-c', script, 'sh', limit, file, ...node, ...lines]);
  return stderr;
}

async function messagesIn(file: string): Promise<unknown[]> {
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as { msg: unknown }).msg);
}

describe('a log', () => {
  it('is a JSON line a message', async () => {
    const file = path.join(await temporaryFolder(), 'log');
    await log(file, ['one', 'fatal two', 'three']);
    expect(await messagesIn(file)).toEqual(['one', 'fatal two', 'three']);
  });

  // The device that every write finds full.
  it.runIf(process.platform === 'linux')('on a full disk lets its program go on, after a fatal line too', async () => {
    expect(await log('/dev/full', ['one', 'fatal two', 'three'])).toBe('came to its end');
  });

  it.runIf(process.platform === 'linux')('has the lines that found no room once there is room again', async () => {
    const file = path.join(await temporaryFolder(), 'log');
    const long = 'x'.repeat(400);
    // One block of 512 bytes: the first line fits, the second in part, the third not at all.
    await log(file, [`1 ${long}`, `2 ${long}`, 'fatal 3', 'make room', '4'], '1');
    expect(await messagesIn(file)).toEqual([`1 ${long}`, `2 ${long}`, 'fatal 3', '4']);
  });
});
