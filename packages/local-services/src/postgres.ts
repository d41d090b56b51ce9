import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { CompoundSearchError } from '@compound-search/contracts';

import { type RunningService, type ServiceOptions, type ServiceState } from './event.ts';
import { freePort, isPortFree, loopback } from './port.ts';
import { clusterFolder, postgresAccount, reachableCopy } from './postgres-account.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import {
  type Cluster,
  clusterExists,
  databaseName,
  ensureCluster,
  lockFile,
  postgresEnvironment,
  readPostmaster,
} from './postgres-cluster.ts';
import { commandLine, endProcess, isRunning, type Step } from './processes.ts';
import { secretIn } from './secret.ts';
import {
  type ServiceCommand,
  type ServiceProcess,
  startFailure,
  type StartOutcome,
  startProcess,
} from './service-process.ts';

// SIGINT disconnects clients and writes a checkpoint, SIGQUIT leaves the log to be replayed at the next start.
const stopSteps: readonly Step[] = [
  { signal: 'SIGINT', timeoutMs: 30_000 },
  { signal: 'SIGQUIT', timeoutMs: 5_000 },
  { signal: 'SIGKILL', timeoutMs: 5_000 },
];
const defaultStartMs = 60_000;
const pollMs = 25;
const portAttempts = 5;
/** How long the processes of a server whose head was killed may hold its memory. */
const orphanTimeoutMs = 5_000;

/**
 * Starts a real PostgreSQL on the data folder, which must be owned by this process, and creates its cluster the first
 * time. It listens on the loopback address only, and asks for a password.
 * @throws CompoundSearchError `SERVICE_START_FAILED` with the end of the server's log; `PLATFORM_UNSUPPORTED`;
 * `DATA_FOLDER_INVALID`.
 */
export async function startPostgres(options: ServiceOptions): Promise<RunningService> {
  const tell = (state: ServiceState, detail?: string): void =>
    options.onEvent?.({ service: 'postgres', state, ...(detail === undefined ? {} : { detail }) });
  const cluster = await locateCluster(options.dataFolder);
  await endStaleServer(cluster.folder, tell);
  const password = passwordOf(cluster, options.dataFolder);
  await ensureCluster(cluster, password, () => tell('initialising', cluster.folder));
  tell('starting');
  const logFile = path.join(options.dataFolder, 'postgres.log');
  const { server, port } = await startServer(cluster, {
    logFile,
    port: options.port,
    startMs: options.startMilliseconds ?? defaultStartMs,
  });
  let isStopping = false;
  void server.ended.then((how) => {
    if (!isStopping) tell('ended', `${how}; see ${logFile}`);
  });
  tell('ready', `${loopback}:${port}`);
  return {
    url: `postgresql://${databaseName}:${password}@${loopback}:${port}/${databaseName}`,
    pid: server.pid,
    port,
    ended: server.ended,
    stop: async () => {
      if (isStopping) return server.end(stopSteps);
      isStopping = true;
      tell('stopping');
      await server.end(stopSteps);
      tell('stopped');
    },
  };
}

function passwordOf(cluster: Cluster, dataFolder: string): string {
  const file = path.join(dataFolder, 'postgres.password');
  if (existsSync(file) || !clusterExists(cluster)) return secretIn(file);
  throw new CompoundSearchError('DATA_FOLDER_INVALID', `${file}, the password of the database in there, is gone.`, {
    value: file,
    remedy: 'Put the file back, or choose another data folder, which starts afresh.',
  });
}

async function locateCluster(dataFolder: string): Promise<Cluster> {
  const installed = postgresBinaries();
  const account = await postgresAccount();
  const copyName = `postgresql-${installed.version}`;
  const binaries = account ? await reachableCopy(account, installed.folder, copyName) : installed.folder;
  return { binaries, account, folder: await clusterFolder(dataFolder, account) };
}

/** Ends a server that an owner of the folder left behind when it was killed. Only the folder's owner may call it. */
async function endStaleServer(folder: string, tell: (state: ServiceState, detail: string) => void): Promise<void> {
  const pid = readPostmaster(folder)?.pid;
  if (pid === undefined || !isRunning(pid)) return;
  if (!isServerOf(pid, folder)) {
    // The id of a server that was killed belongs to another process by now, which PostgreSQL would take for that server.
    rmSync(lockFile(folder), { force: true });
    return;
  }
  tell('recovering', `Process ${pid} was left behind and is stopped.`);
  if (await endProcess(pid, stopSteps)) return;
  throw new CompoundSearchError('SERVICE_START_FAILED', `PostgreSQL process ${pid} holds ${folder} and does not end.`, {
    value: pid,
    remedy: `End it with \`kill -9 ${pid}\`, or choose another data folder.`,
  });
}

function isServerOf(pid: number, folder: string): boolean {
  return (commandLine(pid) ?? '').includes(folder);
}

interface StartedServer {
  readonly server: ServiceProcess;
  readonly port: number;
}

interface ServerStart {
  readonly logFile: string;
  /** Any free one where undefined. */
  readonly port: number | undefined;
  readonly startMs: number;
}

async function startServer(cluster: Cluster, { logFile, ...start }: ServerStart): Promise<StartedServer> {
  const deadline = Date.now() + orphanTimeoutMs;
  for (let attempt = 1; ; attempt += 1) {
    const port = start.port ?? (await freePort());
    const command = serverCommand(cluster, logFile, port);
    const server = await startProcess(command);
    const outcome = await untilReady(server, cluster.folder, start.startMs);
    if (outcome === 'ready') return { server, port };
    const failure = startFailure(command, server, outcome);
    await server.end(stopSteps);
    const wasPortTaken = start.port === undefined && attempt < portAttempts && !(await isPortFree(port));
    // Where the head of a server was killed, its other processes hold the shared memory until they notice.
    const hasOrphans = server.written().includes('pre-existing shared memory block') && Date.now() < deadline;
    if (!wasPortTaken && !hasOrphans) throw failure;
    if (hasOrphans) await sleep(500);
  }
}

async function untilReady(server: ServiceProcess, folder: string, startMs: number): Promise<StartOutcome> {
  const deadline = Date.now() + startMs;
  while (!server.hasEnded()) {
    const postmaster = readPostmaster(folder);
    if (postmaster?.pid === server.pid && postmaster.isReady) return 'ready';
    if (Date.now() > deadline) return 'took too long';
    await sleep(pollMs);
  }
  return 'ended';
}

function serverCommand({ binaries, folder, account }: Cluster, logFile: string, port: number): ServiceCommand {
  const settings = {
    listen_addresses: loopback,
    port: String(port),
    unix_socket_directories: '',
    logging_collector: 'off',
    log_destination: 'stderr',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  return {
    service: 'postgres',
    command: path.join(binaries, 'bin', 'postgres'),
    args: ['-D', folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    logFile,
    stopSignal: 'SIGINT',
    env: postgresEnvironment(),
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
  };
}
