import { residentMegabytes } from './load.ts';
import type { BenchmarkedService } from './processes.ts';

/** As many points as a grid may have: 215^3 of 10,000,000; fewer than 100,000 of them meet the constraint. */
const axis = Array.from({ length: 215 }, (_, index) => 1 + index / 214);

/** Seconds until the largest grid is planned, costed and stored, and the memory that this takes the API. */
export async function measureLargestGrid({ client, api }: BenchmarkedService): Promise<void> {
  const before = residentMegabytes(api.pid, 'VmRSS');
  const begun = performance.now();
  const search = await client.createSearch({
    name: 'largest grid',
    baseline: 'efficientnet-b0',
    dataset: 'shapes',
    grid: { alpha: axis, beta: axis, gamma: axis },
    constraint: { tolerance: 0.01 },
    strategy: 'full',
    seeds: [1],
    split: { trainImages: 320, validationImages: 100 },
  });
  const seconds = (performance.now() - begun) / 1000;
  console.log(
    `A grid of ${axis.length ** 3} points, ${search.candidates} networks, was stored in ${seconds.toFixed(1)} s; ` +
      `the API had ${before} MiB before and ${residentMegabytes(api.pid, 'VmHWM')} MiB at most`,
  );
  await client.cancel(search.id);
}
