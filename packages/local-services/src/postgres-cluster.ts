import { randomUUID } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { CompoundSearchError } from '@compound-search/contracts';
import { environmentWith, lastLines, type Outcome, run, type RunOptions } from '@compound-search/downloads';

import { type Account } from './postgres-account.ts';

/** Role and database that the service uses; the role is the cluster's superuser, so tests can make databases. */
export const databaseName = 'compound_search';

/** A PostgreSQL cluster: where its files are, and what runs it. */
export interface Cluster {
  /** Folder with `bin`, `lib` and `share`, reachable by the account. */
  readonly binaries: string;
  /** Folder of the cluster's files. */
  readonly folder: string;
  readonly account: Account | undefined;
}

/** What PostgreSQL itself writes about its running server into the cluster's folder. */
export interface Postmaster {
  readonly pid: number;
  /** Whether it accepts connections. */
  readonly isReady: boolean;
}

/**
 * Creates the cluster where it does not exist: under a temporary name and renamed, so one that is there is whole.
 * @param onCreate called before the work begins, where there is any
 * @throws CompoundSearchError `SERVICE_START_FAILED` with what the program said.
 */
export async function ensureCluster(cluster: Cluster, password: string, onCreate: () => void): Promise<void> {
  const parent = path.dirname(cluster.folder);
  const prefix = `${path.basename(cluster.folder)}.partial-`;
  for (const name of readdirSync(parent).filter((name) => name.startsWith(prefix))) {
    rmSync(path.join(parent, name), { recursive: true });
  }
  if (clusterExists(cluster)) return;
  onCreate();
  const partial = { ...cluster, folder: path.join(parent, `${prefix}${randomUUID()}`) };
  mkdirSync(partial.folder, { mode: 0o700 });
  giveTo(cluster.account, partial.folder);
  await initialise(partial, password);
  await createDatabase(partial);
  renameSync(partial.folder, cluster.folder);
}

/** Whether the cluster was created before. */
export function clusterExists({ folder }: Cluster): boolean {
  return existsSync(path.join(folder, 'PG_VERSION'));
}

async function initialise(cluster: Cluster, password: string): Promise<void> {
  const passwordFile = `${cluster.folder}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  giveTo(cluster.account, passwordFile);
  try {
    const role = [`--username=${databaseName}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    // The C locale is on every machine, and sorts the same on all of them.
    const text = ['--encoding=UTF8', '--locale=C'];
    const outcome = await runProgram(cluster, 'initdb', [`--pgdata=${cluster.folder}`, ...role, ...text]);
    refuseFailure(cluster, 'initdb', outcome);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function createDatabase(cluster: Cluster): Promise<void> {
  const args = ['--single', '-D', cluster.folder, 'postgres'];
  const outcome = await runProgram(cluster, 'postgres', args, { input: `CREATE DATABASE ${databaseName}\n` });
  refuseFailure(cluster, 'postgres --single', outcome);
}

function refuseFailure(cluster: Cluster, program: string, { code, stdout, stderr }: Outcome): void {
  if (code === 0) return;
  const said = lastLines(stderr.trim() === '' ? stdout : stderr);
  throw new CompoundSearchError('SERVICE_START_FAILED', `${program} cannot make a PostgreSQL cluster:\n${said}`, {
    value: cluster.folder,
    remedy: 'Check that the disk has space left and that the data folder is on a local disk.',
  });
}

/** Runs one of PostgreSQL's programs to its end, as the cluster's account. */
export function runProgram(
  { binaries, account }: Cluster,
  program: string,
  args: readonly string[],
  options: Pick<RunOptions, 'input'> = {},
): Promise<Outcome> {
  return run(path.join(binaries, 'bin', program), args, {
    cwd: '/',
    env: postgresEnvironment(),
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
    ...options,
  });
}

/** The environment of PostgreSQL's programs: messages in English, and none of the libpq defaults of the user. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  const env = environmentWith({ LC_ALL: 'C' });
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PG')));
}

/** The file by which PostgreSQL keeps a second server off a cluster. */
export function lockFile(folder: string): string {
  return path.join(folder, 'postmaster.pid');
}

/** The server of a cluster according to its lock file; undefined where there is no such file. */
export function readPostmaster(folder: string): Postmaster | undefined {
  let text: string;
  try {
    text = readFileSync(lockFile(folder), 'utf8');
  } catch {
    return undefined;
  }
  // Line 1 is the process id and line 8 the state; the file grows while the server starts.
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, isReady: lines[7]?.trim() === 'ready' } : undefined;
}

function giveTo(account: Account | undefined, file: string): void {
  if (account) chownSync(file, account.uid, account.gid);
}
