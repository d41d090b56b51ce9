import { rm } from 'node:fs/promises';

import type { Epoch, TrainingEvent } from '@compound-search/contracts';
import { beforeEach, describe, expect, it } from 'vitest';

import { temporaryFolder } from '../../../../test/temporary-folder.ts';
import { trainTrial } from '../../src/trial/train-trial.ts';
import { restlessRecipe, shapesSpecification } from '../shapes-specification.ts';
import { withoutSpeed } from '../without-speed.ts';

let trainingFolder: string;
beforeEach(async () => {
  trainingFolder = await temporaryFolder();
});

/** 160 images in batches of 32: 5 steps an epoch. */
const specification = shapesSpecification({
  split: { trainImages: 160, validationImages: 50, seed: 0 },
  recipe: { ...restlessRecipe, epochs: 2 },
});

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
  const end = await trainTrial(
    { ...specification, attempt },
    {
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
    },
  );
  return { end, epochs, steps };
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
