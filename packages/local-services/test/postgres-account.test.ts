import { chmodSync, existsSync, lstatSync, mkdirSync, readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { lockDataFolder } from '../src/data-folder.ts';
import { startPostgres } from '../src/postgres.ts';
import { canEnter, postgresAccount, reachableCopy } from '../src/postgres-account.ts';

const isRoot = process.getuid?.() === 0;
const own = { name: 'own', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

/** A folder with programs that only its owner can enter. */
async function closedFolder(): Promise<string> {
  const closed = path.join(await temporaryFolder(), 'closed');
  mkdirSync(path.join(closed, 'bin'), { recursive: true });
  chmodSync(closed, 0o700);
  return closed;
}

describe('the account of PostgreSQL', () => {
  it('is another one where this process is root, which PostgreSQL refuses to run as, and its own elsewhere', async () => {
    const { uid } = (await postgresAccount()) ?? own;
    expect(uid).not.toBe(0);
    expect(uid === own.uid).toBe(!isRoot);
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
    // Only another account has to be let in some other way.
    expect(lstatSync(link).isSymbolicLink()).toBe(isRoot);
    const account = (await postgresAccount()) ?? own;
    expect(await canEnter(account, closed)).toBe(!isRoot);
    expect(await canEnter(account, isRoot ? readlinkSync(link) : link)).toBe(true);
  });

  it('uses programs where they are, where it can reach them', async () => {
    const closed = await closedFolder();
    expect(await reachableCopy(own, closed, 'unused')).toBe(closed);
  });

  it('gets a copy of programs that it cannot reach, made once', async () => {
    const account = (await postgresAccount()) ?? own;
    const closed = await closedFolder();
    const name = `test-${path.basename(path.dirname(closed))}`;
    const copy = await reachableCopy(account, closed, name);
    onTestFinished(() => rmSync(copy, { recursive: true }));
    chmodSync(copy, 0o755);
    // Who owns them reaches them where they are.
    expect(copy === closed).toBe(!isRoot);
    expect(existsSync(path.join(copy, 'bin'))).toBe(true);
    expect(await reachableCopy(account, closed, name)).toBe(copy);
  });
});
