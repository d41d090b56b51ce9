import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import type { Epoch, TrialSpecification } from '@compound-search/contracts';
import { startTraining, type TrainingEnd } from '@compound-search/training';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { shapesSpecification } from '../shapes-specification.ts';
import { withoutSpeed } from '../without-speed.ts';

let folders: readonly string[];
beforeAll(async () => {
  folders = await Promise.all([1, 2, 3].map(() => mkdtemp(path.join(os.tmpdir(), 'compound-search-pause-'))));
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

interface Run {
  readonly end: TrainingEnd;
  readonly epochs: readonly Epoch[];
  /** The first one that was trained; those before came from a checkpoint. */
  readonly firstStep: number | undefined;
}

/** Trains on the machine with this number. */
async function train(machine: number, specification: TrialSpecification): Promise<Run> {
  const epochs: Epoch[] = [];
  let firstStep: number | undefined;
  const training = startTraining(specification, {
    trainingFolder: folders[machine] ?? '',
    onEvent: (event) => {
      if (event.type === 'epoch') epochs.push({ ...event.epoch, seconds: 0 });
      if (event.type === 'progress') firstStep ??= event.step;
    },
  });
  return { end: await training.ended, epochs, firstStep };
}

/** With everything that a checkpoint must hold, and a schedule that would differ if it were that of fewer epochs. */
const whole = shapesSpecification({
  split: { trainImages: 160, validationImages: 100, seed: 0 },
  recipe: { epochs: 9, learningRateSchedule: 'cosine', weightAverageDecay: 0.9, dropout: 0.2 },
});

describe('a training that pauses at rungs', () => {
  it('ends with the bits of one that ran through, from its checkpoints as well as from the start elsewhere', async () => {
    const through = await train(0, whole);
    const first = await train(1, { ...whole, epochs: 1 });
    expect(first.end).toEqual({ type: 'paused', epoch: 1 });
    const second = await train(1, { ...whole, attempt: 2, epochs: 3 });
    // 160 images in batches of 32: 5 steps an epoch.
    expect(second).toMatchObject({ end: { type: 'paused', epoch: 3 }, firstStep: 6 });
    const last = await train(1, { ...whole, attempt: 3 });
    expect(last.firstStep).toBe(16);
    const elsewhere = await train(2, { ...whole, attempt: 3 });
    expect(elsewhere.firstStep).toBe(1);
    for (const promoted of [last, elsewhere]) {
      expect(withoutSpeed(promoted)).toEqual(withoutSpeed(through));
      expect(promoted.epochs).toEqual(through.epochs);
    }
    expect(second.epochs).toEqual(through.epochs.slice(0, 3));
  });

  it('pauses at once where an attempt before it had come so far', async () => {
    const other = { ...whole, trialId: 'lost between its checkpoint and its pause' };
    await train(1, { ...other, epochs: 2 });
    const again = await train(1, { ...other, attempt: 2, epochs: 2 });
    expect(again).toMatchObject({ end: { type: 'paused', epoch: 2 }, firstStep: undefined });
    expect(again.epochs).toHaveLength(2);
  });

  it('completes where it has no more epochs than it is to train', async () => {
    const short = { ...whole, recipe: { ...whole.recipe, epochs: 2 } };
    expect((await train(0, { ...short, epochs: 2 })).end.type).toBe('completed');
  });
});
