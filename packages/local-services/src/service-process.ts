import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { Socket } from 'node:net';

import { CompoundSearchError } from '@compound-search/contracts';
import { lastLines } from '@compound-search/downloads';

import { type ServiceName } from './event.ts';
import { endProcess, type Step } from './processes.ts';

const largestLogBytes = 16 * 1024 ** 2;
const tailBytes = 16 * 1024;

/** How to start a server program. */
export interface ServiceCommand {
  readonly service: ServiceName;
  readonly command: string;
  readonly args: readonly string[];
  /** All that the program prints is added to it; one that has grown large is put aside first. */
  readonly logFile: string;
  /** Signal that makes the program end in an orderly way. */
  readonly stopSignal: NodeJS.Signals;
  readonly uid?: number;
  readonly gid?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** What has come of the start of a server program. */
export type StartOutcome = 'ready' | 'ended' | 'took too long';

/** A server program that was started and may have ended. */
export interface ServiceProcess {
  readonly pid: number;
  readonly hasEnded: () => boolean;
  /** Resolves with how it ended: `signal SIGKILL`, or `exit code 1: ` and the fault that it wrote last. Never rejects. */
  readonly ended: Promise<string>;
  /** The end of what it has written so far. */
  readonly written: () => string;
  /** Ends it with these signals in turn; resolves when it and its guard are gone. */
  readonly end: (steps: readonly Step[]) => Promise<void>;
}

/**
 * Starts a server program in a session of its own, so that a terminal's Ctrl-C reaches this process alone, which then
 * stops the program when those that use it are done. A guard ends the program should this process die without that.
 */
export async function startProcess(command: ServiceCommand): Promise<ServiceProcess> {
  putLargeLogAside(command.logFile);
  const log = openSync(command.logFile, 'a', 0o600);
  try {
    const sizeBefore = fstatSync(log).size;
    const { uid, gid, env } = command;
    const child = spawn(command.command, command.args, {
      // The program must not depend on a folder that may vanish, or that its user cannot enter.
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
      ...(env === undefined ? {} : { env }),
    });
    const pid = await pidOf(child, command);
    const written = (): string => writtenSince(command.logFile, sizeBefore);
    return supervise(child, { pid, guard: startGuard(pid, command.stopSignal), written });
  } finally {
    closeSync(log);
  }
}

function pidOf(child: ChildProcess, { service, command }: ServiceCommand): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => {
      if (child.pid !== undefined) resolve(child.pid);
    });
    child.once('error', (cause) => {
      const remedy = 'Run the set-up again (`npm run setup`), and see that the file can be executed.';
      const message = `${command}, the server of ${service}, cannot be executed: ${cause.message}`;
      reject(new CompoundSearchError('SERVICE_START_FAILED', message, { value: command, remedy, cause }));
    });
  });
}

interface Supervision {
  readonly pid: number;
  readonly guard: ChildProcess;
  readonly written: () => string;
}

function supervise(child: ChildProcess, { pid, guard, written }: Supervision): ServiceProcess {
  let hasEnded = false;
  const guardEnd = new Promise<void>((resolve) => guard.once('close', () => resolve()));
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      // From now on the process id may be given to another process, so the guard must go first.
      guard.kill('SIGKILL');
      hasEnded = true;
      resolve(
        signal === null ? [`exit code ${code ?? 'unknown'}`, ...lastFault(written())].join(': ') : `signal ${signal}`,
      );
    });
  });
  child.unref();
  return {
    pid,
    hasEnded: () => hasEnded,
    ended,
    written,
    end: async (steps) => {
      if (!hasEnded) await endProcess(pid, steps);
      guard.ref();
      guard.kill('SIGKILL');
      await guardEnd;
    },
  };
}

/**
 * A shell that waits for the end of its input, which comes when this process is gone in whatever way, and then signals
 * the program.
 */
function startGuard(pid: number, signal: NodeJS.Signals): ChildProcess {
  const script = 'read -r line; kill -s "$1" "$2" 2>/dev/null';
  const args = ['-c', script, 'guard', signal.replace(/^SIG/, ''), String(pid)];
  const guard = spawn('/bin/sh', args, { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.unref();
  // The pipe is there to be held, and must not keep the event loop alive.
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return guard;
}

/** Two generations stay at most. A server that is started again and again keeps what it said at its first death. */
function putLargeLogAside(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largestLogBytes) renameSync(logFile, `${logFile}.previous`);
}

function writtenSince(logFile: string, start: number): string {
  const log = openSync(logFile, 'r');
  try {
    const size = fstatSync(log).size;
    const from = Math.max(start, size - tailBytes);
    const tail = Buffer.alloc(Math.max(0, size - from));
    return tail.toString('utf8', 0, readSync(log, tail, 0, tail.length, from));
  } finally {
    closeSync(log);
  }
}

/** What PostgreSQL tells clients while it is not ready, which is no fault of its own. */
const refusals = /the database system is|terminating connection/;

/** The line by which a server says why it ends, where there is one: of PostgreSQL's the gravest. */
function lastFault(text: string): string[] {
  const lines = text.split('\n').filter((line) => !refusals.test(line));
  const found = [/PANIC:/, /FATAL:|Fatal error/].map((fault) => lines.findLast((line) => fault.test(line)));
  return found.filter((line) => line !== undefined).slice(0, 1);
}

/** The error for a program that ended before it was ready, with what it said last. */
export function startFailure(
  command: ServiceCommand,
  server: ServiceProcess,
  outcome: Exclude<StartOutcome, 'ready'>,
): CompoundSearchError {
  const reason = outcome === 'ended' ? 'ended before it was ready' : 'took too long to be ready';
  const message = `The server of ${command.service} ${reason}. Its log ends with:\n${lastLines(server.written())}`;
  return new CompoundSearchError('SERVICE_START_FAILED', message, {
    value: command.command,
    remedy: `Read ${command.logFile}; where the data is beyond repair, another data folder starts afresh.`,
  });
}
