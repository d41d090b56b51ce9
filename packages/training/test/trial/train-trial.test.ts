import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import type { Epoch, TrialSpecification } from '@compound-search/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { trainTrial } from '../../src/trial/train-trial.ts';
import { shapesSpecification } from '../shapes-specification.ts';

let trainingFolder: string;
beforeEach(async () => {
  trainingFolder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-trial-'));
});
afterEach(() => rm(trainingFolder, { recursive: true }));

async function train(specification: TrialSpecification) {
  const epochs: Epoch[] = [];
  const end = await trainTrial(specification, {
    report: (event) => {
      if (event.type === 'epoch') epochs.push(event.epoch);
      return Promise.resolve();
    },
    signal: new AbortController().signal,
    dataRoot: 'datasets',
    trainingFolder,
    residentBytes: 2 ** 30,
  });
  if (end.type !== 'completed') throw new Error('Nobody has cancelled the training');
  return { result: end.result, epochs };
}

describe('trainTrial', () => {
  it('ends after the steps of the recipe, in the middle of an epoch if it must', async () => {
    // 640 images in batches of 32: 20 steps an epoch.
    const { result, epochs } = await train(shapesSpecification({ recipe: { steps: 25 } }));
    expect(epochs.map(({ step }) => step)).toEqual([20, 25]);
    expect(result.steps).toBe(25);
  });

  it('stops a training that is no better than chance after its time, and says so', async () => {
    const recipe = { epochs: 4, learningRate: 1e-9, stopAtChanceAfterEpochs: 2 };
    await expect(train(shapesSpecification({ recipe }))).rejects.toMatchObject({
      code: 'TRIAL_AT_CHANCE',
      step: 40,
      message: expect.stringMatching(
        /^The training accuracy is \d+\.\d % after 2 epochs, no better than chance$/u,
      ) as string,
    });
  });

  it('trains at growing resolutions, and evaluates at the full one', async () => {
    const recipe = { epochs: 4, learningRate: 0.016 };
    const plain = await train(shapesSpecification({ recipe }));
    const progressive = await train(shapesSpecification({ recipe: { ...recipe, progressiveResolution: [0.6, 1] } }));
    expect(progressive.epochs[0]?.trainLoss).not.toBe(plain.epochs[0]?.trainLoss);
    // Ten classes: chance is 0.1.
    expect(progressive.result.validationAccuracy).toBeGreaterThan(0.2);
    // A resolution of 1 in every part is the same training.
    const unscaled = await train(shapesSpecification({ recipe: { ...recipe, progressiveResolution: [1, 1] } }));
    expect(unscaled.result.weightsHash).toBe(plain.result.weightsHash);
  });

  it('takes the graph of another seed from disk, with the same result as its own', async () => {
    const second = shapesSpecification({ seed: 2 });
    const alone = await train(second);
    await rm(path.join(trainingFolder, 'graphs'), { recursive: true });
    await train(shapesSpecification({ seed: 1 }));
    expect((await train({ ...second, trialId: 'again' })).result.weightsHash).toBe(alone.result.weightsHash);
    expect(await readdir(path.join(trainingFolder, 'graphs'))).toHaveLength(1);
    await train(shapesSpecification({ recipe: { batchSize: 16 } }));
    expect(await readdir(path.join(trainingFolder, 'graphs'))).toHaveLength(2);
  });
});
