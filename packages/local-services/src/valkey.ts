import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { CompoundSearchError } from '@compound-search/contracts';

import { type RunningService, type ServiceOptions, type ServiceState } from './event.ts';
import { freePort, isPortFree, loopback } from './port.ts';
import { commandLine, endProcess, isRunning, type Step } from './processes.ts';
import { secretIn } from './secret.ts';
import {
  type ServiceCommand,
  type ServiceProcess,
  startFailure,
  type StartOutcome,
  startProcess,
} from './service-process.ts';
import { valkeyBinary } from './valkey-binary.ts';

const stopSteps: readonly Step[] = [
  { signal: 'SIGTERM', timeoutMs: 15_000 },
  { signal: 'SIGKILL', timeoutMs: 5_000 },
];
const defaultStartMs = 60_000;
const answerTimeoutMs = 1_000;
const pollMs = 25;
const portAttempts = 5;

/** The files of one Valkey in the data folder. */
interface ValkeyFiles {
  readonly folder: string;
  readonly configuration: string;
  readonly pidFile: string;
  readonly log: string;
}

/**
 * Starts a real Valkey on the data folder, which must be owned by this process. It listens on the loopback address only,
 * asks for a password, appends every change to a file and evicts nothing.
 * @throws CompoundSearchError `SERVICE_START_FAILED` with the end of the server's log, or without a server program.
 */
export async function startValkey(options: ServiceOptions): Promise<RunningService> {
  const tell = (state: ServiceState, detail?: string): void =>
    options.onEvent?.({ service: 'valkey', state, ...(detail === undefined ? {} : { detail }) });
  const files = filesIn(options.dataFolder);
  await endStaleServer(files, tell);
  const { command } = await valkeyBinary();
  const password = secretIn(path.join(options.dataFolder, 'valkey.password'));
  tell('starting');
  const { server, port } = await startServer(command, files, { password, ...options });
  let isStopping = false;
  void server.ended.then((how) => {
    if (!isStopping) tell('ended', `${how}; see ${files.log}`);
  });
  tell('ready', `${loopback}:${port}`);
  return {
    url: `redis://:${password}@${loopback}:${port}/0`,
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

function filesIn(dataFolder: string): ValkeyFiles {
  const folder = path.join(dataFolder, 'valkey');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    folder,
    configuration: path.join(folder, 'valkey.conf'),
    pidFile: path.join(folder, 'valkey.pid'),
    log: path.join(dataFolder, 'valkey.log'),
  };
}

/** Ends a server that an owner of the folder left behind when it was killed. Only the folder's owner may call it. */
async function endStaleServer(files: ValkeyFiles, tell: (state: ServiceState, detail: string) => void): Promise<void> {
  const pid = readPid(files.pidFile);
  // The id in the file may meanwhile belong to another process.
  if (pid === undefined || !isRunning(pid) || !(commandLine(pid) ?? '').includes(files.configuration)) return;
  tell('recovering', `Process ${pid} was left behind and is stopped.`);
  if (await endProcess(pid, stopSteps)) return;
  throw new CompoundSearchError('SERVICE_START_FAILED', `Valkey process ${pid} does not end.`, {
    value: pid,
    remedy: `End it with \`kill -9 ${pid}\`, or choose another data folder.`,
  });
}

function readPid(pidFile: string): number | undefined {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

async function startServer(
  command: string,
  files: ValkeyFiles,
  { password, ...start }: { readonly password: string } & Pick<ServiceOptions, 'port' | 'startMilliseconds'>,
): Promise<{ server: ServiceProcess; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = start.port ?? (await freePort());
    rmSync(files.configuration, { force: true });
    writeFileSync(files.configuration, configuration(files, port, password), { mode: 0o600 });
    const serviceCommand: ServiceCommand = {
      service: 'valkey',
      command,
      args: [files.configuration],
      logFile: files.log,
      stopSignal: 'SIGTERM',
    };
    const server = await startProcess(serviceCommand);
    const outcome = await untilReady(server, { port, password, startMs: start.startMilliseconds ?? defaultStartMs });
    if (outcome === 'ready') return { server, port };
    const failure = startFailure(serviceCommand, server, outcome);
    await server.end(stopSteps);
    const wasPortTaken = start.port === undefined && attempt < portAttempts && !(await isPortFree(port));
    if (!wasPortTaken) throw failure;
  }
}

/** The server's configuration: a file and not arguments, since everybody can list a process's arguments. */
function configuration(files: ValkeyFiles, port: number, password: string): string {
  const settings: [string, string][] = [
    ['bind', loopback],
    ['port', String(port)],
    ['requirepass', password],
    ['dir', quoted(files.folder)],
    ['pidfile', quoted(files.pidFile)],
    ['daemonize', 'no'],
    // The command line stays as it was given and thereby tells whose server it is.
    ['set-proc-title', 'no'],
    ['appendonly', 'yes'],
    ['appendfsync', 'everysec'],
    ['save', '""'],
    ['maxmemory-policy', 'noeviction'],
  ];
  return settings.map(([name, value]) => `${name} ${value}\n`).join('');
}

function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

async function untilReady(
  server: ServiceProcess,
  { port, password, startMs }: { readonly port: number; readonly password: string; readonly startMs: number },
): Promise<StartOutcome> {
  const deadline = Date.now() + startMs;
  while (!server.hasEnded()) {
    // Only our server knows the password, so an answer to it cannot come from another one on the port.
    if (await answers(port, password)) return 'ready';
    if (Date.now() > deadline) return 'took too long';
    await sleep(pollMs);
  }
  return 'ended';
}

function answers(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: loopback, timeout: answerTimeoutMs });
    let reply = '';
    const finish = (isReady: boolean): void => {
      socket.destroy();
      resolve(isReady);
    };
    socket.setEncoding('utf8');
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`));
    socket.on('data', (text: string) => {
      reply += text;
      if (reply.split('\r\n').length > 2) finish(reply === '+OK\r\n+PONG\r\n');
    });
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
    socket.once('close', () => finish(false));
  });
}
