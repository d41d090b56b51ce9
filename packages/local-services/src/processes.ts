import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 25;

/** Whether a process runs; one that has ended and waits to be reaped does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return processState(pid) !== 'Z';
}

/** The command line of a running process, arguments joined by blanks; undefined where there is no such process. */
export function commandLine(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const raw = readQuietly(`/proc/${pid}/cmdline`);
    return raw === undefined ? undefined : raw.replaceAll('\0', ' ').trim();
  }
  return ps(pid, 'command=');
}

/**
 * A mark that tells a process from a later one that got the same id, constant while it runs; undefined where it does
 * not.
 */
export function startMark(pid: number): string | undefined {
  if (!isRunning(pid)) return undefined;
  if (process.platform !== 'linux') return ps(pid, 'lstart=');
  // Field 22 is the start in clock ticks since boot, so the boot belongs to the mark.
  const start = statFields(pid)?.[19];
  return start === undefined ? undefined : `${(readQuietly('/proc/sys/kernel/random/boot_id') ?? '').trim()}:${start}`;
}

/** Waits until a process has ended. @returns whether it did within the time */
export async function waitForEnd(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isRunning(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(pollMs);
  }
  return true;
}

/** A signal, and how long a process may take to end after it. */
export interface Step {
  readonly signal: NodeJS.Signals;
  readonly timeoutMs: number;
}

/** Ends a process: each step's signal in turn until it has ended. @returns whether it did */
export async function endProcess(pid: number, steps: readonly Step[]): Promise<boolean> {
  for (const { signal, timeoutMs } of steps) {
    if (!signalQuietly(pid, signal)) return true;
    if (await waitForEnd(pid, timeoutMs)) return true;
  }
  return !isRunning(pid);
}

function signalQuietly(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return isRunning(pid);
  }
}

function processState(pid: number): string | undefined {
  return process.platform === 'linux' ? statFields(pid)?.[0] : ps(pid, 'state=')?.charAt(0);
}

/** The fields of /proc/<pid>/stat from the third on: what precedes is the name, which may hold blanks and brackets. */
function statFields(pid: number): string[] | undefined {
  const stat = readQuietly(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function ps(pid: number, column: string): string | undefined {
  const { stdout, status } = spawnSync('ps', ['-ww', '-o', column, '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function readQuietly(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
