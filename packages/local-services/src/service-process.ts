import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { Socket } from 'node:net';

import { CompoundSearchError } from '@compound-search/contracts';
import { lastLines } from '@compound-search/downloads';

import { type ServiceName } from './event.ts';
import { endProcess, type Step } from './processes.ts';

/** How to start a server program. */
export interface ServiceCommand {
  readonly service: ServiceName;
  readonly command: string;
  readonly args: readonly string[];
  /** Receives all that the program prints; the log of the start before is kept beside it. */
  readonly logFile: string;
  /** Signal that makes the program end in an orderly way. */
  readonly stopSignal: NodeJS.Signals;
  readonly uid?: number;
  readonly gid?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** A server program that was started and may have ended. */
export interface ServiceProcess {
  readonly pid: number;
  readonly hasEnded: () => boolean;
  /** Called when it ends, at once where it has. */
  readonly onEnd: (listener: (reason: string) => void) => void;
  /** Ends it with these signals in turn; resolves when it and its guard are gone. */
  readonly end: (steps: readonly Step[]) => Promise<void>;
}

/**
 * Starts a server program in a session of its own, so that a terminal's Ctrl-C reaches this process alone, which then
 * stops the program when those that use it are done. A guard ends the program should this process die without that.
 */
export async function startProcess(command: ServiceCommand): Promise<ServiceProcess> {
  keepPreviousLog(command.logFile);
  const log = openSync(command.logFile, 'w', 0o600);
  try {
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
    return supervise(child, pid, startGuard(pid, command.stopSignal));
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

function supervise(child: ChildProcess, pid: number, guard: ChildProcess): ServiceProcess {
  let reason: string | undefined;
  const listeners: ((reason: string) => void)[] = [];
  const guardEnd = new Promise<void>((resolve) => guard.once('close', () => resolve()));
  child.once('exit', (code, signal) => {
    // From now on the process id may be given to another process, so the guard must go first.
    guard.kill('SIGKILL');
    const end = signal === null ? `with exit code ${code ?? 'unknown'}` : `by signal ${signal}`;
    reason = end;
    for (const listener of listeners) listener(end);
  });
  child.unref();
  return {
    pid,
    hasEnded: () => reason !== undefined,
    onEnd: (listener) => {
      if (reason === undefined) listeners.push(listener);
      else listener(reason);
    },
    end: async (steps) => {
      if (reason === undefined) await endProcess(pid, steps);
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

function keepPreviousLog(logFile: string): void {
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.previous`);
}

/** The error for a program that ended before it was ready, with what it said last. */
export function startFailure(command: ServiceCommand, reason: string): CompoundSearchError {
  const said = existsSync(command.logFile) ? lastLines(readFileSync(command.logFile, 'utf8')) : '';
  const message = `The server of ${command.service} ${reason}. Its log ends with:\n${said}`;
  return new CompoundSearchError('SERVICE_START_FAILED', message, {
    value: command.command,
    remedy: `Read ${command.logFile}; where the data is beyond repair, another data folder starts afresh.`,
  });
}
