import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
  readonly command: string;
}

function processes(): ProcessEntry[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, state = '', ...command]) => ({
      pid: Number(pid),
      parent: Number(parent),
      state,
      command: command.join(' '),
    }));
}

/** Those of the process ids that run; what has ended and was not collected yet does not. */
export function running(pids: readonly number[]): number[] {
  return processes()
    .filter(({ pid, state }) => pids.includes(pid) && !state.startsWith('Z'))
    .map(({ pid }) => pid);
}

/** Whether a process runs. */
export function isRunning(pid: number): boolean {
  return running([pid]).length === 1;
}

/**
 * All that a process has started, and what that has started, and so on. The process must be there: what it has left
 * behind is nobody's descendant.
 */
export function descendantsOf(ancestor: number): number[] {
  const all = processes();
  if (!all.some(({ pid }) => pid === ancestor)) throw new Error(`Process ${ancestor} is not there any more.`);
  return below(ancestor, all).map(({ pid }) => pid);
}

/**
 * The same of a program that may have ended by now, which has none then, and without the compiler of its sources, which
 * runs before the program has begun.
 */
export function startedBy(program: number): number[] {
  return below(program, processes())
    .filter(({ command }) => !command.includes('/esbuild'))
    .map(({ pid }) => pid);
}

function below(ancestor: number, all: readonly ProcessEntry[]): ProcessEntry[] {
  const children = all.filter(({ parent }) => parent === ancestor);
  return children.flatMap((child) => [child, ...below(child.pid, all)]);
}

/** The child process of a process whose command line names a text. */
export function childNaming(parent: number, text: string): number {
  const child = processes().find((entry) => entry.parent === parent && entry.command.includes(text));
  if (child === undefined) throw new Error(`Process ${parent} has no child with ${text}.`);
  return child.pid;
}

/** Waits until a condition holds; fails with what was waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Waited ${seconds} s in vain: ${what}`);
    await sleep(25);
  }
}
