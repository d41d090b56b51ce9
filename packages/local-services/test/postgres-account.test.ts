import { chmodSync, existsSync, lstatSync, mkdirSync, readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { lockDataFolder } from '../src/data-folder.ts';
import { startPostgres } from '../src/postgres.ts';
import { canEnter, postgresAccount, reachableCopy } from '../src/postgres-account.ts';

describe('the account of PostgreSQL', () => {
  it('is never root, and none but the own one where this process is not root', async () => {
    const account = await postgresAccount();
    if (process.getuid?.() !== 0) expect(account).toBeUndefined();
    else expect(account?.uid).toBeGreaterThan(0);
  });

  it('starts PostgreSQL on a data folder below one that only its owner can enter', async () => {
    const closed = path.join(await temporaryFolder(), 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o700);
    const { folder, release } = lockDataFolder(path.join(closed, 'data'));
    const postgres = await startPostgres({ dataFolder: folder });
    const link = path.join(folder, 'postgres');
    onTestFinished(async () => {
      await postgres.stop();
      release();
      // Where this is root, the cluster lies outside the temporary folder.
      if (lstatSync(link).isSymbolicLink()) rmSync(readlinkSync(link), { recursive: true });
    });
    expect(existsSync(path.join(link, 'PG_VERSION'))).toBe(true);
    const account = await postgresAccount();
    if (!account) return;
    expect(await canEnter(account, closed)).toBe(false);
    expect(await canEnter(account, readlinkSync(link))).toBe(true);
  });

  it('gets a copy of programs that it cannot reach, made once', async () => {
    const account = await postgresAccount();
    const own = { name: 'own', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    const closed = path.join(await temporaryFolder(), 'closed');
    mkdirSync(path.join(closed, 'bin'), { recursive: true });
    chmodSync(closed, 0o700);
    expect(await reachableCopy(own, closed, 'unused')).toBe(closed);
    if (!account) return;
    const name = `test-${path.basename(path.dirname(closed))}`;
    const copy = await reachableCopy(account, closed, name);
    onTestFinished(() => rmSync(copy, { recursive: true }));
    chmodSync(copy, 0o755);
    expect(copy).not.toBe(closed);
    expect(existsSync(path.join(copy, 'bin'))).toBe(true);
    expect(await reachableCopy(account, closed, name)).toBe(copy);
  });
});
