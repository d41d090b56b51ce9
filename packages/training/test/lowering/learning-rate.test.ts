import { recipeSchema } from '@compound-search/contracts';
import { Graph, placeholder } from '@compound-search/graph';
import { describe, expect, it } from 'vitest';

import { learningRateAt } from '../../src/lowering/learning-rate.ts';
import { partOfTraining, type TrainingLength, trainingLength } from '../../src/lowering/training-length.ts';
import { runSignature } from './run-signature.ts';

/** The learning rates of all steps of a training. */
async function ratesOf(changes: object, length: TrainingLength): Promise<number[]> {
  const graph = new Graph();
  const step = placeholder(graph, 'step', { dtype: 'int32', shape: [] });
  const rate = learningRateAt(step, recipeSchema.parse(changes), length);
  const steps = Array.from({ length: length.steps }, (_, at) => ({ step: Int32Array.of(at) }));
  const results = await runSignature(graph, { inputs: { step }, outputs: { rate } }, steps);
  return results.map((outputs) => outputs['rate']?.[0] ?? NaN);
}

describe('the learning rate', () => {
  it('falls from its peak to 0 by half a cosine over the steps after the warm-up', async () => {
    const length = { stepsPerEpoch: 10, steps: 40 };
    const rates = await ratesOf({ learningRate: 0.2, warmupEpochs: 1, learningRateSchedule: 'cosine' }, length);
    rates.forEach((rate, step) => {
      const expected = step < 10 ? (0.2 * step) / 10 : 0.1 * (1 + Math.cos((Math.PI * (step - 10)) / 30));
      expect(rate).toBeCloseTo(expected, 6);
    });
  });

  it('is multiplied by the decay in stairs, from the first step on', async () => {
    const length = { stepsPerEpoch: 10, steps: 40 };
    const recipe = { learningRate: 0.2, warmupEpochs: 0, learningRateDecay: 0.5, learningRateDecayEpochs: 1.5 };
    const rates = await ratesOf(recipe, length);
    rates.forEach((rate, step) => expect(rate).toBeCloseTo(0.2 * 0.5 ** Math.floor(step / 15), 6));
  });

  it('grows with the batch in proportion where the recipe says which batch it is meant for', async () => {
    const length = { stepsPerEpoch: 1, steps: 1 };
    const recipe = { learningRate: 0.1, learningRateBatchSize: 256, warmupEpochs: 0 };
    expect((await ratesOf({ ...recipe, batchSize: 64 }, length))[0]).toBeCloseTo(0.025, 7);
    expect((await ratesOf({ ...recipe, batchSize: 512 }, length))[0]).toBeCloseTo(0.2, 7);
  });
});

describe('the length of a training', () => {
  const extent = { stepsPerEpoch: 20, macs: [1000] };
  it.each([
    ['all steps of its epochs', { epochs: 3 }, extent, 60],
    ['the steps that are given', { epochs: 3, steps: 7 }, extent, 7],
    ['as many steps as its budget of multiply-adds pays for', { batchSize: 10, macsBudget: 99_999 }, extent, 9],
    ['at least one step', { batchSize: 10, macsBudget: 1 }, extent, 1],
    [
      'steps at the mean cost of its parts',
      { batchSize: 10, macsBudget: 90_000 },
      { ...extent, macs: [500, 1000] },
      12,
    ],
  ])('is %s', (_, changes, given, steps) => {
    expect(trainingLength(recipeSchema.parse(changes), given)).toEqual({ stepsPerEpoch: 20, steps });
  });

  it('is divided into equal parts', () => {
    const parts = Array.from({ length: 9 }, (_, step) => partOfTraining(step, { stepsPerEpoch: 4, steps: 9 }, 3));
    expect(parts).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
  });

  it('cannot be given twice', () => {
    expect(recipeSchema.safeParse({ steps: 5, macsBudget: 5 }).success).toBe(false);
  });
});
