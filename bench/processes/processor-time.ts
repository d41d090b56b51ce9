import { readFileSync } from 'node:fs';

import { descendantsOf } from './process-table.ts';

/** Of the times in /proc/<pid>/stat, on every Linux. */
const ticksPerSecond = 100;

/** Seconds of user and system time of a process so far, and of its children that have ended (proc(5)). Linux alone tells them. */
interface ProcessorTime {
  readonly own: number;
  readonly endedChildren: number;
}

/** Seconds of user and system time of a process so far, without its children's. */
export function processorSeconds(pid: number): number {
  return readProcessorTime(pid).own;
}

/** The same of a process and all that it has started, running or ended. */
export function treeProcessorSeconds(pid: number): number {
  const times = [pid, ...descendantsOf(pid)].map(readProcessorTimeIfThere);
  return times.reduce((sum, { own, endedChildren }) => sum + own + endedChildren, 0);
}

function readProcessorTimeIfThere(pid: number): ProcessorTime {
  try {
    return readProcessorTime(pid);
  } catch {
    // It has ended since it was listed; its parent counts it then.
    return { own: 0, endedChildren: 0 };
  }
}

function readProcessorTime(pid: number): ProcessorTime {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in parentheses, may hold spaces. Fields count from 1, and the state is the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const seconds = (field: number): number => Number(fields[field - 3]) / ticksPerSecond;
  return { own: seconds(14) + seconds(15), endedChildren: seconds(16) + seconds(17) };
}
