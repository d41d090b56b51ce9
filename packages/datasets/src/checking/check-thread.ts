/** The thread of a pool that reads data sets in full. sharp and zlib work on Node's own threads beside it. */
import type { MessagePort } from 'node:worker_threads';

import { CompoundSearchError, type ErrorCode } from '@compound-search/contracts';

import type { DatasetFindings } from '../findings.ts';
import { checkDataset } from '../registry.ts';

/** What the thread is asked to read. */
export interface CheckTask {
  readonly dataset: string;
  readonly dataRoot: string | undefined;
  readonly cacheFolder: string | undefined;
  /** Takes a {@link CheckProgress} now and then. */
  readonly port: MessagePort;
}

/** Images that are decoded, of all. */
export interface CheckProgress {
  readonly done: number;
  readonly total: number;
}

/** A CompoundSearchError as it can cross to another thread, where an error loses its class. */
export interface DatasetFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly field: string | undefined;
  readonly value: unknown;
  readonly remedy: string | undefined;
}

const progressMilliseconds = 100;

/** What reading a data set in full came to. */
export type CheckOutcome = { readonly findings: DatasetFindings } | { readonly fault: DatasetFault };

/** Reads a data set in full. @returns what was found, or what is wrong with it. */
export default async function checkInThread(task: CheckTask): Promise<CheckOutcome> {
  const { dataset, dataRoot, cacheFolder, port } = task;
  let told = -Infinity;
  const onProgress = (done: number, total: number): void => {
    if (performance.now() - told < progressMilliseconds) return;
    told = performance.now();
    port.postMessage({ done, total } satisfies CheckProgress);
  };
  try {
    const findings = await checkDataset(dataset, {
      ...(dataRoot === undefined ? {} : { dataRoot }),
      ...(cacheFolder === undefined ? {} : { cacheFolder }),
      onProgress,
    });
    return { findings };
  } catch (error) {
    if (!(error instanceof CompoundSearchError)) throw error;
    const { code, message, field, value, remedy } = error;
    return { fault: { code, message, field, value, remedy } };
  } finally {
    port.close();
  }
}
