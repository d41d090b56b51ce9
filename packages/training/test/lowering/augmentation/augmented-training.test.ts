import { augmentationSchema } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { drawMixing } from '../../../src/lowering/augmentation/mixup.ts';
import { createShapesTrainer } from '../../shapes-trainer.ts';
import { at, noiseBytes, output, runAugmentation } from './run-graph.ts';

function soon() {
  return Promise.resolve();
}
const everything = augmentationSchema.parse({
  horizontalFlip: true,
  cropPadding: 2,
  resizedCrop: {},
  randAugment: {},
  mixup: 0.4,
  randomErasing: {},
});

describe('training with every augmentation', () => {
  it('repeats a step to the bit, and takes another one in another step or with another seed', async () => {
    const { trainer, data } = await createShapesTrainer({ augmentation: everything });
    const lossOf = (step: number, seed: number) => {
      trainer.initialize(7);
      return trainer.step(data.train.subarray(0, 32), { step, seed }).loss;
    };
    const first = lossOf(1, 1);
    expect(lossOf(1, 1)).toBe(first);
    expect(lossOf(2, 1)).not.toBe(first);
    expect(lossOf(1, 2)).not.toBe(first);
    await trainer.close();
  });

  it('evaluates the images as they are', async () => {
    const plain = await createShapesTrainer({});
    const augmented = await createShapesTrainer({ augmentation: everything });
    for (const { trainer } of [plain, augmented]) trainer.initialize(3);
    augmented.trainer.importVariables(plain.trainer.exportVariables());
    const { validation } = plain.data;
    const expected = await plain.trainer.evaluate(validation, soon);
    expect(await augmented.trainer.evaluate(validation, soon)).toEqual(expected);
    expect(await augmented.trainer.evaluate(validation, soon)).toEqual(expected);
    for (const { trainer } of [plain, augmented]) await trainer.close();
  });

  it('learns mixed labels, and counts the heavier one as right', async () => {
    const mixup = 0.4;
    const { trainer, data } = await createShapesTrainer({ augmentation: augmentationSchema.parse({ mixup }) });
    trainer.initialize(1);
    // A classifier whose logits are its biases, whatever it sees.
    const variables = trainer.exportVariables();
    const classifier = Object.keys(variables).filter((name) => /classifier.*(kernel|bias)$/.test(name));
    const bias = Float32Array.from({ length: data.classes }, (_, label) => label / 3);
    for (const name of classifier) variables[name]?.fill(0);
    variables[classifier.find((name) => name.endsWith('bias')) ?? '']?.set(bias);
    trainer.importVariables(variables);
    const batch = data.train.subarray(0, 32);
    const outcome = trainer.step(batch, { step: 5, seed: 8 });
    await trainer.close();

    const drawn = await runAugmentation(
      { images: noiseBytes(32), shape: [1, 1, 1], seedsAndSteps: [[8, 5]] },
      ({ draws }) => ({ ...drawMixing(draws, mixup) }),
    );
    const logSum = Math.log(bias.reduce((sum, logit) => sum + Math.exp(logit), 0));
    // Label smoothing 0.1: 0.9 of the label's cross entropy and 0.1 of the mean over all classes.
    const mean = bias.reduce((sum, logit) => sum + logSum - logit, 0) / bias.length;
    const lossOf = (label: number) => 0.9 * (logSum - at(bias, label)) + 0.1 * mean;
    const mixed = Array.from(batch, (image, index) => {
      const share = at(output(drawn[0], 'share'), index);
      const label = at(data.labels, image);
      const other = at(data.labels, at(batch, at(output(drawn[0], 'partner'), index)));
      return { loss: share * lossOf(label) + (1 - share) * lossOf(other), heavier: share >= 0.5 ? label : other };
    });
    expect(outcome.loss).toBeCloseTo(mixed.reduce((sum, { loss }) => sum + loss, 0) / 32, 5);
    expect(outcome.correct).toBe(mixed.filter(({ heavier }) => heavier === data.classes - 1).length);
  });
});
