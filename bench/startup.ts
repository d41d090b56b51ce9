/**
 * What it takes to start a trial of a micro network of one step: `npm run bench:startup`. Seconds until its first step,
 * and processor seconds of the whole trial, in a fresh process and in one that has trained before; where the graph is
 * built, and where another seed of the candidate has left it on disk. All in turn, medians. Linux alone tells the
 * processor time of its children.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { recipeSchema, splitSchema, type TrialSpecification } from '@compound-search/contracts';
import { buildNetwork, candidateArchitecture, findBaseline, fingerprint } from '@compound-search/networks';
import { createWarmProcesses, type WarmProcesses } from '@compound-search/training';

import { median } from './engines/statistics.ts';
import { processorSeconds } from './processes/processor-time.ts';

const rounds = 7;
const baseline = findBaseline('efficientnet-micro');
const multipliers = { depth: 1.2, width: 1.1, resolution: 1.15 };
const image = { channels: 1, classes: 10 };

/** The learning rate is part of the graph, so that another one is another graph of the same size. */
function specification(seed: number, learningRate = 0.016): TrialSpecification {
  const recipe = recipeSchema.parse({ steps: 1, learningRate });
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

interface Start {
  /** Seconds until the child reports its first step. */
  readonly first: number;
  /** Processor seconds of the trial. */
  readonly processor: number;
}

async function measure(processes: WarmProcesses, trial: TrialSpecification): Promise<Start> {
  const started = performance.now();
  let first = NaN;
  const training = processes.start(trial, {
    onEvent: (event) => {
      if (event.type === 'progress') first = (performance.now() - started) / 1000;
    },
  });
  const before = processorSeconds(training.pid ?? 0);
  const end = await training.ended;
  if (end.type !== 'completed') throw new Error(`The training ended as ${JSON.stringify(end)}`);
  return { first, processor: processorSeconds(training.pid ?? 0) - before };
}

const starts: Record<'fresh, built' | 'fresh, from disk' | 'warm, built' | 'warm, from disk', Start[]> = {
  'fresh, built': [],
  'fresh, from disk': [],
  'warm, built': [],
  'warm, from disk': [],
};
for (let round = 0; round < rounds; round += 1) {
  const trainingFolder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-startup-'));
  // A process is kept until it is closed, so that its times can be read when its trial has ended.
  const [first, second] = [createWarmProcesses({ trainingFolder }), createWarmProcesses({ trainingFolder })];
  starts['fresh, built'].push(await measure(first, specification(1)));
  starts['fresh, from disk'].push(await measure(second, specification(2)));
  starts['warm, built'].push(await measure(first, specification(1, 0.017)));
  starts['warm, from disk'].push(await measure(second, specification(3)));
  first.close();
  second.close();
  await rm(trainingFolder, { recursive: true });
}
for (const [name, measured] of Object.entries(starts)) {
  const seconds = median(measured.map(({ first }) => first)).toFixed(2);
  const processor = median(measured.map(({ processor }) => processor)).toFixed(2);
  console.log(`${name.padEnd(16)}  ${seconds} s to the first step, ${processor} processor s in all`);
}
