/**
 * What the service does beside the trainings: `npm run bench:service`. Its trials compute nothing, so that what is left of
 * one is the request, the queue, the worker's protocol and the store. API, workers, PostgreSQL and Valkey are processes of
 * their own, as they always are.
 *
 * `--parts` says which: throughput (against Optuna on the same server), reads (of 100,000 trials), load (of 200 clients,
 * for `--minutes`), turn (of a small search behind a large one) and grid (the largest that is accepted). The exit code is 1
 * where the service was at fault for an answer.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { measureLargestGrid } from './service/largest-grid.ts';
import { measureLoad } from './service/load.ts';
import { fillTables, measureReads } from './service/many-trials.ts';
import { type BenchmarkedService, startBenchmarkedService } from './service/processes.ts';
import { measureOptuna, measureThroughput } from './service/throughput.ts';
import { measureTurn } from './service/turn.ts';

const { values: options } = parseArgs({
  options: {
    parts: { type: 'string', default: 'throughput,turn,load,grid,reads' },
    minutes: { type: 'string', default: '1' },
    searches: { type: 'string', default: '10' },
  },
});

const parts: Readonly<Record<string, (service: BenchmarkedService) => Promise<void>>> = {
  throughput: async (service) => {
    const [own, peer] = [await measureThroughput(service), await measureOptuna(service)];
    console.log(`${(own / peer).toFixed(1)} times as many as Optuna`);
  },
  turn: async (service) => {
    await measureTurn(service);
  },
  load: async (service) => {
    if ((await measureLoad(service, Number(options.minutes))) > 0) process.exitCode = 1;
  },
  grid: measureLargestGrid,
  reads: async (service) => {
    const [first = ''] = await fillTables(service, Number(options.searches));
    await measureReads(service, first);
  },
};

console.log(`${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown processor'}`);
for (const name of options.parts.split(',')) {
  const measure = parts[name];
  if (measure === undefined) throw new Error(`--parts takes ${Object.keys(parts).join(', ')}, not ${name}`);
  console.log(`\n${name}`);
  // Each on a service of its own, so that none pays for what another has left.
  const service = await startBenchmarkedService();
  try {
    await measure(service);
  } finally {
    await service.stop();
  }
}
