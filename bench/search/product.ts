import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { coefficientsSchema, leaderboardSchema, type TrialView } from '@compound-search/contracts';
import { type Client, createClient } from '@compound-search/sdk';
import { z } from 'zod';

import { runProgram } from '../peers/run-program.ts';
import { treeProcessorSeconds } from '../processes/processor-time.ts';
import { commandLineProgram, startService } from '../processes/service-process.ts';
import type { Contestant, GivenTraining, Outcome } from './outcome.ts';
import type { SearchJob } from './search-job.ts';

/** What the product is told. */
export interface ProductOptions {
  readonly job: SearchJob;
  /** Of the request as a user writes it. */
  readonly requestFile: string;
  readonly slots: number;
}

/**
 * The product as a user runs it: `compound-search serve` in a folder that is new in every round, so that nothing is left
 * of the one before, and `compound-search search FILE --watch` against it.
 */
export function createProduct(name: string, options: ProductOptions): Contestant {
  return { name, search: () => searchOnce(options) };
}

async function searchOnce(options: ProductOptions): Promise<Outcome> {
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-bench-'));
  try {
    const service = await startService(dataFolder, options.slots);
    try {
      return await searchOn(service, options);
    } finally {
      await service.stop();
    }
  } finally {
    await rm(dataFolder, { recursive: true });
  }
}

const answerSchema = z.object({ coefficients: coefficientsSchema, leaderboard: leaderboardSchema });

async function searchOn(
  { url, pid }: { readonly url: string; readonly pid: number },
  { job, requestFile }: ProductOptions,
): Promise<Outcome> {
  const args = ['--import', 'tsx', commandLineProgram, '--url', url, 'search', requestFile, '--watch', '--json'];
  const used = treeProcessorSeconds(pid);
  const started = performance.now();
  const printed = await runProgram(process.execPath, args);
  const wallSeconds = (performance.now() - started) / 1000;
  const processorSeconds = treeProcessorSeconds(pid) - used;
  const { coefficients, leaderboard } = answerSchema.parse(JSON.parse(printed));
  const places = new Map(job.candidates.map(({ fingerprint }, place) => [fingerprint, place]));
  const placeOfRow = new Map(leaderboard.rows.map((row) => [row.candidateId, places.get(row.fingerprint) ?? NaN]));
  const trials = await allTrials(createClient({ baseUrl: url }), coefficients.searchId);
  const trainingsFor = (purpose: TrialView['purpose']): GivenTraining[] =>
    trials.filter((trial) => trial.purpose === purpose).map((trial) => toTraining(trial, { job, placeOfRow }));
  return {
    wallSeconds,
    processorSeconds,
    trainings: trainingsFor('ranking'),
    testTrainings: trainingsFor('test'),
    best: places.get(coefficients.network.fingerprint) ?? NaN,
    claim: coefficients.confidence,
    description: `compound-search, TensorFlow ${coefficients.engine?.tensorflow ?? 'of several versions'}`,
  };
}

async function allTrials(client: Client, searchId: string): Promise<TrialView[]> {
  const trials: TrialView[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await client.trials(searchId, { limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    trials.push(...page.items);
    cursor = page.next;
  }
  return trials;
}

function toTraining(
  { candidateId, seed, step, steps, result }: TrialView,
  { job, placeOfRow }: { readonly job: SearchJob; readonly placeOfRow: ReadonlyMap<string, number> },
): GivenTraining {
  return {
    candidate: placeOfRow.get(candidateId) ?? NaN,
    seed,
    accuracy: result?.validationAccuracy ?? NaN,
    epochs: steps === null ? 0 : (job.request.recipe.epochs * step) / steps,
  };
}
