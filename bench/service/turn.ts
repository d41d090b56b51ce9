import { setTimeout as sleep } from 'node:timers/promises';

import type { BenchmarkedService } from './processes.ts';
import { trivialSearch } from './trivial-searches.ts';

/** Seconds until the first trial of a small search starts that is posted while a large one runs. */
export async function measureTurn({ client, startWorkers }: BenchmarkedService): Promise<number> {
  const large = await client.createSearch(trivialSearch('large', 100, 100));
  const workers = await startWorkers();
  while ((await client.getSearch(large.id)).trials.completed === 0) await sleep(50);
  const begun = performance.now();
  const { id } = await client.createSearch(trivialSearch('small', 10, 1));
  let started = 0;
  while (started === 0) {
    const { trials } = await client.getSearch(id);
    started = trials.total - trials.queued;
    if (started === 0) await sleep(20);
  }
  const seconds = (performance.now() - begun) / 1000;
  const { queued } = (await client.getSearch(large.id)).trials;
  console.log(`The first of 10 trials started after ${seconds.toFixed(2)} s, with ${queued} others still queued`);
  for (const worker of workers) await worker.stop();
  await client.cancel(large.id);
  return seconds;
}
