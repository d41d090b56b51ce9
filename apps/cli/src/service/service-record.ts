import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { z } from 'zod';

const recordSchema = z.object({ url: z.url(), pid: z.int().positive() });

/** Where a local service answers, and the process that keeps it up. */
export type ServiceRecord = z.infer<typeof recordSchema>;

function fileOf(dataFolder: string): string {
  return path.join(dataFolder, 'service.json');
}

/** Tells other commands where the service of a data folder is. */
export function writeServiceRecord(dataFolder: string, record: ServiceRecord): void {
  mkdirSync(dataFolder, { recursive: true });
  const file = fileOf(dataFolder);
  // Renamed into place, so that a reader never sees half of it.
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, `${JSON.stringify(record)}\n`);
  renameSync(unfinished, file);
}

/** Takes the record back, unless another process has put its own there. */
export function removeServiceRecord(dataFolder: string, pid: number): void {
  if (readServiceRecord(dataFolder)?.pid === pid) rmSync(fileOf(dataFolder), { force: true });
}

/** The record of a data folder, whether its process still lives or not; undefined where there is none. */
export function readServiceRecord(dataFolder: string): ServiceRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(fileOf(dataFolder), 'utf8')));
  } catch {
    return undefined;
  }
}

/** The URL of the service that runs on a data folder now; undefined where none does. */
export function findLocalService(dataFolder: string): string | undefined {
  const record = readServiceRecord(dataFolder);
  return record !== undefined && isAlive(record.pid) ? record.url : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user exists although it cannot be signalled.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
