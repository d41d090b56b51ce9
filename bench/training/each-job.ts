import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { type Job, type JobArrays, writeJob } from '../engines/job.ts';
import { prepareJob, type Workload } from '../engines/workload.ts';

/** Every network at every batch size, and where to say which is at hand. */
export interface ChosenJobs {
  readonly workloads: readonly Workload[];
  readonly batchSizes: readonly number[];
  readonly log: (line: string) => void;
}

/** One network at one batch size, its job written to a folder that is there for as long as it is worked on. */
export interface ChosenJob {
  readonly workload: Workload;
  readonly batchSize: number;
  readonly job: Job;
  readonly arrays: JobArrays;
  readonly directory: string;
}

/** Works on one job after the other; a process of it warms up for at most `warmupSeconds`. */
export async function onEachJob<Outcome>(
  { workloads, batchSizes, log }: ChosenJobs,
  warmupSeconds: number,
  work: (chosen: ChosenJob) => Promise<Outcome>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const workload of workloads) {
    for (const batchSize of batchSizes) {
      log(`${workload.name}, batch ${batchSize}`);
      const directory = await mkdtemp(path.join(os.tmpdir(), 'compound-search-bench-'));
      try {
        const { job, arrays } = await prepareJob(workload, { batchSize, warmupSteps: 15, warmupSeconds });
        await writeJob(directory, job, arrays);
        outcomes.push(await work({ workload, batchSize, job, arrays, directory }));
      } finally {
        await rm(directory, { recursive: true });
      }
    }
  }
  return outcomes;
}
