import { loadDataset } from '@compound-search/datasets';
import { baselines, buildNetwork, candidateArchitecture, findBaseline, fingerprint } from '@compound-search/networks';
import { describe, expect, it } from 'vitest';

import { startTraining, type TrainingEnd } from '../../src/index.ts';
import { loadAddon } from '../../src/tensorflow/addon.ts';
import { prepareData } from '../../src/trial/prepared-data.ts';
import { prepareNetwork } from '../../src/trial/prepared-network.ts';
import { encodeServingModel } from '../../src/trial/serving-model.ts';
import { Trainer } from '../../src/trial/trainer.ts';
import { shapesSpecification } from '../shapes-specification.ts';
import { type LoadedModel, loadModel } from '../tensorflow.ts';

type Specification = ReturnType<typeof shapesSpecification>;
type Completed = Extract<TrainingEnd, { type: 'completed' }>;

const shape = [20, 20, 1] as const;
const imageSize = 20 * 20;

async function train(specification: Specification): Promise<Completed> {
  const end = await startTraining(specification, { onEvent: () => undefined }).ended;
  if (end.type !== 'completed') throw new Error(JSON.stringify(end));
  return end;
}

function largest(row: readonly number[]): number {
  return row.indexOf(Math.max(...row));
}

/** Share of the test images whose most probable class is the right one, asked in batches of this size. */
async function accuracy(model: LoadedModel, batch: number): Promise<number> {
  const { test } = await loadDataset('shapes');
  let correct = 0;
  for (let start = 0; start < test.count; start += batch) {
    const rows = await model.probabilities(test.images.subarray(start * imageSize, (start + batch) * imageSize), shape);
    correct += rows.filter((row, index) => largest(row) === test.labels[start + index]).length;
  }
  return correct / test.count;
}

describe('a model trial', () => {
  it('leaves a file that stock TensorFlow.js loads, with the very accuracy that was reported', async () => {
    const end = await train(shapesSpecification({ purpose: 'model', recipe: { epochs: 4 } }));
    const model = await loadModel(end.savedModel ?? new Uint8Array());
    expect(await accuracy(model, 250)).toBe(end.result.testAccuracy);
    // Other than by chance: a file of untrained weights would not do.
    expect(end.result.testAccuracy).toBeGreaterThan(0.2);
    expect(model.signatures).toEqual({
      serving_default: {
        inputs: { image: expect.objectContaining({ tfDtype: 'DT_FLOAT' }) as unknown },
        outputs: { probabilities: expect.objectContaining({ tfDtype: 'DT_FLOAT' }) as unknown },
      },
    });
  });

  it('trains the bits of a ranking trial, which leaves no file', async () => {
    const [ranking, model] = await Promise.all([
      train(shapesSpecification()),
      train(shapesSpecification({ purpose: 'model' })),
    ]);
    expect(model.result).toMatchObject({
      weightsHash: ranking.result.weightsHash,
      validationAccuracy: ranking.result.validationAccuracy,
    });
    expect(ranking.savedModel).toBeUndefined();
    expect(ranking.result.testAccuracy).toBeNull();
  });

  it('gives probabilities for any number of images, the same whatever stands beside an image', async () => {
    const end = await train(shapesSpecification({ purpose: 'model', recipe: { epochs: 1 } }));
    const model = await loadModel(end.savedModel ?? new Uint8Array());
    const { test } = await loadDataset('shapes');
    const images = test.images.subarray(0, 7 * imageSize);
    const together = await model.probabilities(images, shape);
    expect(together).toHaveLength(7);
    for (const [index, row] of together.entries()) {
      expect(row).toHaveLength(10);
      expect(row.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 5);
      const [alone] = await model.probabilities(images.subarray(index * imageSize, (index + 1) * imageSize), shape);
      alone?.forEach((probability, at) => expect(probability).toBeCloseTo(row[at] ?? NaN, 5));
    }
  });

  it('has the averaged weights where the recipe averages, as evaluation does', async () => {
    const recipe = { epochs: 3, weightAverageDecay: 0.98 };
    const end = await train(shapesSpecification({ purpose: 'model', recipe }));
    const model = await loadModel(end.savedModel ?? new Uint8Array());
    expect(await accuracy(model, 250)).toBe(end.result.testAccuracy);
  });
});

const planar = [...baselines.values()].filter(({ input }) => input.spatial.length === 2).map(({ name }) => name);
/** One of every kind of block, activation and shortcut that the built-in networks have. */
const small = ['efficientnet-micro', 'resnet-micro', 'resnet-20', 'mobilenet-v1-cifar', 'mobilenet-v2-micro'];

describe('encodeServingModel', () => {
  it.each(small)('gives the probabilities of %s that the training graph evaluates by', async (name) => {
    expect(planar).toContain(name);
    const baseline = findBaseline(name);
    const multipliers = { depth: 1, width: 1, resolution: 0.75 };
    const recipe = shapesSpecification().recipe;
    const network = buildNetwork(candidateArchitecture({ baseline, multipliers, channels: 1, classes: 10, recipe }));
    const specification = shapesSpecification({
      baseline,
      multipliers,
      fingerprint: fingerprint(network),
      purpose: 'model',
    });
    const data = await prepareData(specification, 'datasets');
    const trainer = await Trainer.create(loadAddon(), { ...prepareNetwork(specification, data), recipe, data });
    trainer.initialize(1);
    for (const step of [0, 1, 2]) trainer.step(data.train.subarray(step * 32, (step + 1) * 32), { step, seed: 1 });
    const sample = data.test.subarray(0, 250);
    const evaluation = await trainer.evaluate(sample, () => Promise.resolve());
    const variables = trainer.evaluatedVariables();
    await trainer.close();
    const model = await loadModel(encodeServingModel({ network, image: data.image, variables }));
    const first = (sample[0] ?? 0) * imageSize;
    const rows = await model.probabilities(data.images.subarray(first, first + sample.length * imageSize), shape);
    // The mean of -sum t log p over the targets t of the recipe: 0.1 / 10 for each class and 0.9 more for the right one.
    const losses = rows.map((row, index) => {
      const label = data.labels[(sample[0] ?? 0) + index] ?? 0;
      return row.reduce((loss, p, at) => loss - Math.log(p) * (0.01 + (at === label ? 0.9 : 0)), 0);
    });
    expect(losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toBeCloseTo(evaluation.loss, 4);
  });
});
