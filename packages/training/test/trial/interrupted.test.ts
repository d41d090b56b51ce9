import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import type { Epoch, TrainingEvent, TrialSpecification } from '@compound-search/contracts';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { trainTrial } from '../../src/trial/train-trial.ts';
import { shapesSpecification } from '../shapes-specification.ts';

let trainingFolder: string;
beforeEach(async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'compound-search-interrupted-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  trainingFolder = folder;
});

/** 160 images in batches of 32: 5 steps an epoch. With everything that a checkpoint must hold. */
function restless(attempt: number): TrialSpecification {
  const specification = shapesSpecification({
    trialId: '019a0000-0000-7000-8000-00000000cafe',
    split: { trainImages: 160, validationImages: 50, seed: 0 },
    recipe: {
      epochs: 2,
      weightAverageDecay: 0.9,
      dropout: 0.2,
      augmentation: { horizontalFlip: true, cropPadding: 2, mixup: 0.2 },
    },
  });
  return { ...specification, attempt };
}

interface Run {
  readonly end: Awaited<ReturnType<typeof trainTrial>>;
  readonly epochs: readonly Epoch[];
  /** Those that were told of, which is the first one at least. */
  readonly steps: readonly number[];
}

/** Trains until the end, or until it is cancelled at the event of this type. */
async function train(attempt: number, cancelAt?: TrainingEvent['type']): Promise<Run> {
  const epochs: Epoch[] = [];
  const steps: number[] = [];
  const cancellation = new AbortController();
  const end = await trainTrial(restless(attempt), {
    report: (event) => {
      if (event.type === 'epoch') epochs.push({ ...event.epoch, seconds: 0 });
      if (event.type === 'progress') steps.push(event.step);
      if (event.type === cancelAt) cancellation.abort();
      return Promise.resolve();
    },
    signal: cancellation.signal,
    dataRoot: 'datasets',
    trainingFolder,
    checkpointSeconds: 0,
  });
  return { end, epochs, steps };
}

function withoutSpeed({ end }: Run): unknown {
  if (end.type !== 'completed') throw new Error(`The training ended as ${JSON.stringify(end)}`);
  return { ...end.result, imagesPerSecond: 0 };
}

describe('a training that is cancelled', () => {
  it('goes on at the step where it was, and ends with the bits of one that was not', async () => {
    const undisturbed = await train(1);
    await rm(trainingFolder, { recursive: true });
    // The first step is told of at once, so an attempt that ends by it has done that one and the next.
    const first = await train(1, 'progress');
    expect(first).toMatchObject({ end: { type: 'cancelled' }, epochs: [], steps: [1] });
    const second = await train(2, 'progress');
    expect(second).toMatchObject({ end: { type: 'cancelled' }, epochs: [], steps: [3] });
    // At the end of an epoch: the next attempt begins with the second one.
    const third = await train(3, 'epoch');
    expect(third.steps[0]).toBe(5);
    const fourth = await train(4);
    expect(fourth.steps[0]).toBe(7);
    expect(fourth.epochs).toEqual(undisturbed.epochs);
    expect(withoutSpeed(fourth)).toEqual(withoutSpeed(undisturbed));
  });
});
