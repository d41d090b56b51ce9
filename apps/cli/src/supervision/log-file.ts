import { mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const largestBytes = 16 * 1024 ** 2;

/** The log of a program in a data folder. One that has grown large is put aside, so that two generations stay at most. */
export function prepareLogFile(dataFolder: string, name: string): string {
  const file = path.join(dataFolder, 'logs', `${name}.log`);
  mkdirSync(path.dirname(file), { recursive: true });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largestBytes) renameSync(file, `${file}.1`);
  return file;
}
