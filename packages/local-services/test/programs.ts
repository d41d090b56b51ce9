import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

import { isRunning } from '../src/processes.ts';

/** A TypeScript program of this folder that runs, and the first line that it prints. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly firstLine: string;
}

/**
 * Starts a TypeScript program of this folder and waits for its first line. It is killed when the test is over, and what it
 * ran in its data folder has ended before that is removed.
 */
export async function startProgram(file: string, ...args: string[]): Promise<RunningProgram> {
  const program = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    const served = args.flatMap((folder) => processesOf(folder));
    child.kill('SIGKILL');
    // Its guards end the servers a moment later, and until then these write into their folder.
    while (served.some(({ pid }) => isRunning(pid))) await sleep(50);
  });
  const lines = createInterface(child.stdout);
  const [firstLine] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [unknown];
  return { child, firstLine: String(firstLine) };
}

/** Ends a program the hard way, as a crash or the kernel would. */
export async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

/** A process as the operating system lists it. */
export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** All processes that run; those that have ended and wait to be reaped are left out. */
export function listProcesses(): ListedProcess[] {
  // Throws where it fails: a list that is empty for that reason would say that nothing runs.
  const stdout = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,state=,command='], { encoding: 'utf8' });
  return [...stdout.matchAll(/^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/gm)]
    .filter((match) => !match[3]?.startsWith('Z'))
    .map((match) => ({ pid: Number(match[1]), parent: Number(match[2]), command: match[4] ?? '' }));
}

/**
 * The processes that serve a data folder: those that name it, their descendants, and the guards that name one of them.
 */
export function processesOf(dataFolder: string): ListedProcess[] {
  const all = listProcesses();
  const found = all.filter(({ command, pid }) => command.includes(`${dataFolder}/`) && pid !== process.pid);
  const servers = new Set(found.map(({ pid }) => pid));
  const isGuard = (command: string): boolean => servers.has(Number(/ guard \w+ (\d+)$/.exec(command)?.[1]));
  return all.filter(({ pid, parent, command }) => servers.has(pid) || servers.has(parent) || isGuard(command));
}
