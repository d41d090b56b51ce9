import { randomUUID } from 'node:crypto';
import os from 'node:os';

import type { WorkerDescription } from '@compound-search/contracts';

import manifest from '../../package.json' with { type: 'json' };
import { type Environment, slotsOf } from '../env.ts';

/** What this process is as a worker, under an id of its own. */
export function describeWorker(
  environment: Pick<Environment, 'COMPOUND_SEARCH_SLOTS' | 'COMPOUND_SEARCH_GPUS'>,
): WorkerDescription {
  return {
    id: randomUUID(),
    host: os.hostname(),
    pid: process.pid,
    version: manifest.version,
    processor: `${process.platform}-${process.arch} ${os.cpus()[0]?.model ?? 'unknown processor'}`,
    device: environment.COMPOUND_SEARCH_GPUS === undefined ? 'cpu' : 'gpu',
    slots: slotsOf(environment),
  };
}
