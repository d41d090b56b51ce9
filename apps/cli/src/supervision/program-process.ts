import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';

/** A program to run as a child process. */
export interface Program {
  /** As a person calls it. */
  readonly name: string;
  /** Absolute path of its entry file. */
  readonly entry: string;
  /** Arguments of Node itself, such as a loader. */
  readonly nodeArguments: readonly string[];
  /** Asked anew at every start. */
  readonly environment: () => Readonly<NodeJS.ProcessEnv>;
  readonly workingFolder: string;
  /** Both its output streams are appended here. */
  readonly logFile: string;
}

/** One run of a program. */
export interface ProgramProcess {
  readonly pid: number | undefined;
  /** Resolves with how it ended; never rejects. */
  readonly ended: Promise<string>;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  /** Asks it to end by SIGTERM, and ends it by SIGKILL where it has not by then. Resolves when it has ended. */
  readonly stop: (graceMilliseconds: number) => Promise<void>;
  /** Ends it and all that it started at once. */
  readonly kill: () => void;
}

/**
 * Starts a program in a process group of its own: a Ctrl-C in the terminal does not reach it, so it is stopped when its
 * turn comes, and what it has started can be ended with it. Its output goes to a file and not through this process, so
 * it can outlive this process long enough to end in order. It learns of the death of this process by its IPC channel.
 */
export function startProgram(program: Program): ProgramProcess {
  mkdirSync(path.dirname(program.logFile), { recursive: true });
  const log = openSync(program.logFile, 'a');
  const child = fork(program.entry, [], {
    execArgv: [...program.nodeArguments],
    env: { ...program.environment() },
    cwd: program.workingFolder,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const ended = endOf(child);
  const kill = (): void => killGroup(child.pid);
  return {
    pid: child.pid,
    ended,
    onMessage: (listener) => void child.on('message', listener),
    kill,
    stop: async (graceMilliseconds) => {
      child.kill('SIGTERM');
      const timer = setTimeout(kill, graceMilliseconds);
      await ended;
      clearTimeout(timer);
    },
  };
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      // Emitted for failed signals too; only a child that never started has no exit to wait for.
      if (child.pid === undefined) resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      // Whatever it started and left behind must not outlive it.
      killGroup(child.pid);
      resolve(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`);
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: nothing is left of the group. EPERM: macOS says so of a group that is just ending.
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}
