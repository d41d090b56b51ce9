import { execFileSync } from 'node:child_process';

/** A process of this machine. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Its command line. */
  readonly args: string;
}

/** All processes of this machine. */
export function processTable(): ProcessEntry[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/u))
    .map(([pid, parent, ...args]) => ({ pid: Number(pid), parent: Number(parent), args: args.join(' ') }));
}

/** Processes below another one, at any depth. */
export function descendantsOf(ancestor: number): number[] {
  const table = processTable();
  const found = [ancestor];
  for (const parent of found) found.push(...table.filter((entry) => entry.parent === parent).map(({ pid }) => pid));
  return found.slice(1);
}
