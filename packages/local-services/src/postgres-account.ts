import { randomUUID } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import { chmod, mkdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';

import { CompoundSearchError } from '@compound-search/contracts';
import { run } from '@compound-search/downloads';

/** The user that PostgreSQL runs as where this process is root; PostgreSQL itself refuses to be root. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Where root keeps what an unprivileged user must reach and cannot reach in root's own folders. */
const systemFolder = '/var/lib/compound-search';

/**
 * The unprivileged user to run PostgreSQL as: undefined where this process is not root and can run it itself. No user is
 * created: `postgres` serves where there is one, and `nobody` is everywhere.
 * @throws CompoundSearchError `SERVICE_START_FAILED` where root finds neither.
 */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    if (uid.code === 0 && gid.code === 0) return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new CompoundSearchError(
    'SERVICE_START_FAILED',
    'PostgreSQL refuses to run as root, and this machine has neither a user postgres nor a user nobody.',
    { remedy: 'Run as an ordinary user, or create one for it: `useradd --system postgres`.' },
  );
}

/** Whether the account can enter a folder; asked of the kernel, since modes alone do not tell. */
export async function canEnter(account: Account, folder: string): Promise<boolean> {
  const { uid, gid } = account;
  const { code } = await run('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid, cwd: '/' });
  return code === 0;
}

/**
 * A folder with the same content that the account can enter: the folder itself, or a copy made once.
 * @param folder absolute path
 * @param name name of the copy; tells its version
 */
export async function reachableCopy(account: Account, folder: string, name: string): Promise<string> {
  if (await canEnter(account, folder)) return folder;
  const copy = path.join(systemFolder, name);
  if (existsSync(copy)) return copy;
  const partial = `${copy}.partial-${randomUUID()}`;
  await mkdir(systemFolder, { recursive: true, mode: 0o755 });
  cpSync(folder, partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, copy).catch(async (error: unknown) => {
    // Another process was faster, and its copy is the same.
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  });
  return copy;
}

/**
 * The folder for a cluster's files: `postgres` in the data folder, or where the account cannot get there, a folder under
 * /var/lib that a link of that name leads to.
 * @param dataFolder absolute path
 * @returns absolute path of a folder that need not exist yet
 * @throws CompoundSearchError `DATA_FOLDER_INVALID` where a cluster lies in a data folder that the account cannot enter.
 */
export async function clusterFolder(dataFolder: string, account: Account | undefined): Promise<string> {
  const inside = path.join(dataFolder, 'postgres');
  const linked = await readlink(inside).catch(() => undefined);
  if (linked !== undefined) return linked;
  if (!account) return inside;
  // Root's own data folder may be passed through; what lies in it is closed to others by its own modes.
  await chmod(dataFolder, (await stat(dataFolder)).mode | 0o011);
  if (await canEnter(account, dataFolder)) return inside;
  if (existsSync(inside)) {
    const message = `The user ${account.name}, as which root runs PostgreSQL, cannot enter ${dataFolder}.`;
    const remedy = 'Move the data folder to where that user can enter, e.g. /var/lib/compound-search.';
    throw new CompoundSearchError('DATA_FOLDER_INVALID', message, { value: dataFolder, remedy });
  }
  // Never a name that comes again: a data folder that was deleted must not lead its successor to the old cluster.
  const outside = path.join(systemFolder, 'clusters', randomUUID());
  await mkdir(path.dirname(outside), { recursive: true, mode: 0o755 });
  await symlink(outside, inside);
  return outside;
}
