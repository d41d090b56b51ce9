import { readFileSync } from 'node:fs';

/**
 * How many processes Linux has killed since it started since there was no memory left, on the whole machine or in one of
 * its control groups (proc(5), since Linux 4.13); undefined where the system does not tell. It counts before it kills.
 */
export function countOomKills(statistics = '/proc/vmstat'): number | undefined {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync(statistics, 'utf8'))?.[1];
    return count === undefined ? undefined : Number(count);
  } catch {
    return undefined;
  }
}
