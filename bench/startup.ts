/**
 * Seconds from the start of a training child to its first step, for a micro network: `npm run bench:startup`. A first
 * trial builds the graph; a trial of the same candidate with another seed finds it on disk. Both in turn, medians.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { recipeSchema, splitSchema, type TrialSpecification } from '@compound-search/contracts';
import { buildNetwork, candidateArchitecture, findBaseline, fingerprint } from '@compound-search/networks';
import { startTraining } from '@compound-search/training';

import { median } from './engines/statistics.ts';

const rounds = 7;
const baseline = findBaseline('efficientnet-micro');
const multipliers = { depth: 1.2, width: 1.1, resolution: 1.15 };
const recipe = recipeSchema.parse({ steps: 1 });
const image = { channels: 1, classes: 10 };

function specification(seed: number): TrialSpecification {
  return {
    trialId: randomUUID(),
    attempt: 1,
    purpose: 'ranking',
    baseline,
    multipliers,
    fingerprint: fingerprint(buildNetwork(candidateArchitecture({ baseline, multipliers, recipe, ...image }))),
    dataset: 'mnist',
    split: splitSchema.parse({}),
    recipe,
    seed,
    device: 'cpu',
  };
}

/** Seconds until the child reports its first step. */
async function secondsToFirstStep(trainingFolder: string, seed: number): Promise<number> {
  const started = performance.now();
  let seconds = NaN;
  const training = startTraining(specification(seed), {
    trainingFolder,
    onEvent: (event) => {
      if (event.type === 'progress') seconds = (performance.now() - started) / 1000;
    },
  });
  const end = await training.ended;
  if (end.type !== 'completed') throw new Error(`The training ended as ${JSON.stringify(end)}`);
  return seconds;
}

const built: number[] = [];
const reused: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const trainingFolder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-startup-'));
  built.push(await secondsToFirstStep(trainingFolder, 1));
  reused.push(await secondsToFirstStep(trainingFolder, 2));
  await rm(trainingFolder, { recursive: true });
}
console.log(`graph built      ${median(built).toFixed(2)} s from start to first step (median of ${rounds})`);
console.log(`graph from disk  ${median(reused).toFixed(2)} s`);
