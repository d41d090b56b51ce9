import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { SearchRequestInput } from '@compound-search/contracts';
import type { Client } from '@compound-search/sdk';

import { disturb } from './disturb.ts';
import { compareOutcomes, type Outcome, outcomeOf, type Verdict } from './outcome.ts';
import { type Disturbance, planOf } from './plan.ts';
import { type ChaosService, startChaosService } from './service.ts';
import { resultsOfTrials, watchResults } from './witness.ts';

const TRIALS = 24;

/** Six candidates that race over rungs of one and three epochs, until 24 trials have begun. */
const request: SearchRequestInput = {
  name: 'chaos',
  baseline: 'efficientnet-micro',
  dataset: 'shapes',
  grid: { alpha: [1, 1.2, 1.4, 2], beta: [1, 1.1, 1.2, 1.4], gamma: [1, 1.15, 1.2] },
  strategy: {
    kind: 'racing',
    batch: 4,
    confidence: 0.9999,
    indifference: 0,
    rungs: { minimumEpochs: 1, reduction: 3 },
    budget: { trials: TRIALS },
  },
  split: { trainImages: 320, validationImages: 100 },
  recipe: { epochs: 3 },
};

/** How long a search may take: a disturbed one waits for leases, and for servers that start again. */
const PATIENCE_SECONDS = 300;

/** One run of the search, from the start of the service to its end. */
export interface Run {
  readonly outcome: Outcome;
  /** How often a result was written to each trial that has one: once, as it should be. */
  readonly results: readonly number[];
  readonly seconds: number;
  /** Logs and data of the service, for whoever looks into a difference. */
  readonly folder: string;
}

/** A disturbed run, held against the undisturbed one. */
export interface DisturbedRun extends Verdict {
  readonly seed: number;
  readonly disturbances: readonly Disturbance[];
  readonly seconds: number;
  /** Whether it came to the same to the byte, by one result for each trial. */
  readonly equal: boolean;
  /** Logs and data of the service; removed where all is equal. */
  readonly folder: string;
}

/** The run that others are held against. */
export async function runCalm(): Promise<Run> {
  const calm = await run([]);
  await rm(calm.folder, { recursive: true });
  return calm;
}

/** @throws Error that names the folder of the run where the search does not end. */
export async function runDisturbed(seed: number, calm: Outcome): Promise<DisturbedRun> {
  const disturbances = planOf(seed, TRIALS);
  const { outcome, results, seconds, folder } = await run(disturbances);
  const verdict = compareOutcomes(calm, outcome, results);
  const equal = verdict.differing.length === 0 && verdict.double === 0;
  if (equal) await rm(folder, { recursive: true });
  return { seed, disturbances, seconds, folder, equal, ...verdict };
}

async function run(disturbances: readonly Disturbance[]): Promise<Run> {
  const folder = await mkdtemp(path.join(tmpdir(), 'compound-search-chaos-'));
  const begun = performance.now();
  const service = await startChaosService(folder);
  try {
    await watchResults(service.databaseUrl);
    const { id } = await service.client.createSearch(request);
    await Promise.all(disturbances.map((disturbance) => disturbInTime(service, id, disturbance)));
    await untilEnded(service.client, id);
    const results = await resultsOfTrials(service.databaseUrl);
    const outcome = await outcomeOf(service.client, id);
    return { outcome, results, seconds: (performance.now() - begun) / 1000, folder };
  } catch (error) {
    throw new Error(`The run in ${folder} has come to nothing`, { cause: error });
  } finally {
    await service.stop();
  }
}

async function disturbInTime(service: ChaosService, id: string, disturbance: Disturbance): Promise<void> {
  const { kind, afterTrainings, afterMilliseconds } = disturbance;
  const deadline = performance.now() + PATIENCE_SECONDS * 1000;
  while ((await trainingsEnded(service.client, id)) < afterTrainings && performance.now() < deadline) await sleep(50);
  await sleep(afterMilliseconds);
  await disturb[kind](service, disturbance);
}

/** None where the API is down just now. */
async function trainingsEnded(client: Client, id: string): Promise<number> {
  try {
    const { completed, paused } = (await client.getSearch(id)).trials;
    return completed + paused;
  } catch {
    return 0;
  }
}

/** @throws Error with the last that was heard of the search where it does not end in time. */
async function untilEnded(client: Client, id: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_SECONDS * 1000;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const search = await client.getSearch(id);
      if (search.endedAt !== null) return;
      last = search;
    } catch (error) {
      last = error;
    }
    await sleep(100);
  }
  throw new Error(`The search has not ended within ${PATIENCE_SECONDS} s: ${JSON.stringify(last)}`);
}
