import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { createScratchDatabase } from '@compound-search/store';
import { z } from 'zod';

import { optuna, preparePython } from '../peers/python-environment.ts';
import { runProgram } from '../peers/run-program.ts';
import { treeProcessorSeconds } from '../processes/processor-time.ts';
import type { BenchmarkedService } from './processes.ts';
import { trivialSearch } from './trivial-searches.ts';

const OPTUNA_TRIALS = 200;

/** Trials per second of a whole search: from the request to the end of its last ranking trial. */
export async function measureThroughput(service: BenchmarkedService): Promise<number> {
  const { client, startWorkers } = service;
  const workers = await startWorkers();
  const used = treeProcessorSeconds(process.pid);
  const begun = performance.now();
  const { id, trials } = await client.createSearch(trivialSearch('throughput', 40, 100));
  let completed = 0;
  while (completed < trials.total) {
    await sleep(100);
    completed = (await client.getSearch(id)).trials.completed;
  }
  const seconds = (performance.now() - begun) / 1000;
  const processor = treeProcessorSeconds(process.pid) - used;
  await client.waitForSearch(id);
  for (const worker of workers) await worker.stop();
  const each = ((processor / completed) * 1000).toFixed(1);
  console.log(
    `${completed} trials in ${seconds.toFixed(1)} s: ${(completed / seconds).toFixed(0)} trials/s, ${each} ms of processor each`,
  );
  return completed / seconds;
}

const reportSchema = z.object({ version: z.string(), trials: z.int(), seconds: z.number() });

/** Trials per second of Optuna's ask and tell, in as many processes, on a database of the same server. */
export async function measureOptuna({ databaseUrl }: BenchmarkedService): Promise<number> {
  const python = await preparePython((line) => {
    console.log(line);
  }, optuna);
  const database = await createScratchDatabase(databaseUrl);
  const storage = { OPTUNA_STORAGE: database.databaseUrl.replace('postgresql:', 'postgresql+psycopg2:') };
  const program = fileURLToPath(new URL('../peers/optuna_trials.py', import.meta.url));
  const args = ['--processes', String(availableParallelism()), '--trials', String(OPTUNA_TRIALS)];
  try {
    const printed = await runProgram(python.program, [program, ...args], { environment: storage });
    const { version, trials, seconds } = reportSchema.parse(JSON.parse(printed));
    console.log(`${version}: ${trials} trials in ${seconds.toFixed(1)} s: ${(trials / seconds).toFixed(1)} trials/s`);
    return trials / seconds;
  } finally {
    await database.drop();
  }
}
