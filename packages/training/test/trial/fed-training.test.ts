import type { TrainingEvent } from '@compound-search/contracts';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { startTraining } from '../../src/index.ts';
import { residentBytesOfEnvironment } from '../../src/process/env.ts';
import { loadAddon } from '../../src/tensorflow/addon.ts';
import { prepareData } from '../../src/trial/prepared-data.ts';
import { prepareNetwork } from '../../src/trial/prepared-network.ts';
import { Trainer } from '../../src/trial/trainer.ts';
import { shapesSpecification } from '../shapes-specification.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A trial from its start to its test, with the images in the graph where `megabytes` hold them. */
async function train(megabytes: number) {
  vi.stubEnv('COMPOUND_SEARCH_RESIDENT_MEGABYTES', String(megabytes));
  const epochs: TrainingEvent[] = [];
  const onEvent = (event: TrainingEvent): void => {
    if (event.type === 'epoch') epochs.push({ ...event, epoch: { ...event.epoch, seconds: 0 } });
  };
  const end = await startTraining(shapesSpecification({ purpose: 'test' }), { onEvent }).ended;
  if (end.type !== 'completed') throw new Error(`The training ended as ${JSON.stringify(end)}`);
  return { epochs, result: { ...end.result, imagesPerSecond: 0 } };
}

async function createTrainer(residentBytes: number) {
  const specification = shapesSpecification();
  const data = await prepareData(specification, 'datasets');
  const networks = prepareNetwork(specification, data);
  const { recipe } = specification;
  const trainer = await Trainer.create(loadAddon(), { ...networks, recipe, data, residentBytes });
  return { trainer, data };
}

describe('a training whose images do not fit the budget of its graph', () => {
  it('ends with the bits of one whose images do, curve and test accuracy alike', async () => {
    const [resident, fed] = [await train(1024), await train(0)];
    expect(fed).toEqual(resident);
  });

  it('is fed batch by batch: what changes in memory after its start is trained on', async () => {
    const losses = async (residentBytes: number): Promise<number[]> => {
      const { trainer, data } = await createTrainer(residentBytes);
      trainer.initialize(1);
      const step = () => trainer.step(data.train.subarray(0, 32), { step: 0, seed: 1 }).loss;
      const before = step();
      data.images.fill(0);
      trainer.initialize(1);
      const after = step();
      await trainer.close();
      return [before, after];
    };
    const [resident, fed] = [await losses(2 ** 30), await losses(0)];
    expect(resident[1]).toBe(resident[0]);
    expect(fed[0]).toBe(resident[0]);
    expect(fed[1]).not.toBe(fed[0]);
  });
});

describe('residentBytesOfEnvironment', () => {
  it.each([
    ['', 2 ** 30],
    ['0', 0],
    ['3', 3 * 2 ** 20],
  ])('reads "%s" as %d bytes', (value, bytes) => {
    vi.stubEnv('COMPOUND_SEARCH_RESIDENT_MEGABYTES', value);
    expect(residentBytesOfEnvironment()).toBe(bytes);
  });
});
