import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { ensureValkey, valkeyBinary } from '../src/valkey-binary.ts';
import { startProgram } from './programs.ts';

/** A program that reports itself as a server of a version, as a machine of that version would have it. */
function serverOf(folder: string, name: string, version: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho "Redis server v=${version} sha=00000000:0 malloc=jemalloc bits=64"\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('the Valkey server', () => {
  it('is fetched once by two processes that want it at the same time', async () => {
    const cache = await temporaryFolder();
    const programs = await Promise.all([startProgram('fetcher.ts', cache), startProgram('fetcher.ts', cache)]);
    expect(programs.map(({ firstLine }) => firstLine).sort()).toEqual(['false', 'true']);
    const [folder = ''] = readdirSync(path.join(cache, 'valkey'));
    expect(readdirSync(path.join(cache, 'valkey', folder)).sort()).toEqual(['manifest.json', 'valkey-server']);
    const { command, version } = await valkeyBinary({ cache, folders: [] });
    expect(command).toBe(path.join(cache, 'valkey', folder, 'valkey-server'));
    expect(version).toBe('9.1.2');
    expect(statSync(command).mode & 0o111).toBe(0o111);
    expect(await ensureValkey({ cache })).toBe(false);
  });

  it('is one of the machine where the pinned one is not there', async () => {
    const [cache, bin] = await Promise.all([temporaryFolder(), temporaryFolder()]);
    const redis = serverOf(bin, 'redis-server', '6.2.14');
    expect(await valkeyBinary({ cache, folders: [bin] })).toEqual({ command: redis, version: '6.2.14' });
  });

  it.each(['6.0.16', '5.0.7'])('is not a Redis %s, which lacks commands that the queue needs', async (version) => {
    const [cache, bin] = await Promise.all([temporaryFolder(), temporaryFolder()]);
    serverOf(bin, 'redis-server', version);
    await expect(valkeyBinary({ cache, folders: [bin] })).rejects.toMatchObject({
      code: 'SERVICE_START_FAILED',
      remedy: expect.stringContaining('npm run setup') as unknown,
    });
  });
});
