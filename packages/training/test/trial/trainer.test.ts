import { describe, expect, it } from 'vitest';

import { createShapesTrainer } from '../shapes-trainer.ts';

function soon() {
  return Promise.resolve();
}

describe('Trainer', () => {
  it('raises the learning rate in a line over the warm-up and lowers it in stairs', async () => {
    const { trainer, data } = await createShapesTrainer({
      learningRate: 0.1,
      warmupEpochs: 0.5,
      learningRateDecay: 0.5,
      learningRateDecayEpochs: 1,
    });
    trainer.initialize(1);
    // 640 images in batches of 32: 20 steps an epoch, 10 of warm-up.
    const rates = [0, 5, 10, 19, 20, 45].map(
      (step) => trainer.step(data.train.subarray(0, 32), { step, seed: 1 }).learningRate,
    );
    const expected = [0, 0.05, 0.1, 0.1, 0.05, 0.025];
    rates.forEach((rate, index) => expect(rate).toBeCloseTo(expected[index] ?? NaN, 7));
    await trainer.close();
  });

  it('goes on from imported variables as if it had never stopped', async () => {
    const { trainer, data } = await createShapesTrainer();
    const batch = (step: number) => data.train.subarray(step * 32, (step + 1) * 32);
    trainer.initialize(3);
    for (const step of [0, 1, 2]) trainer.step(batch(step), { step, seed: 3 });
    const saved = trainer.exportVariables();
    const once = [3, 4].map((step) => trainer.step(batch(step), { step, seed: 3 }));
    const hash = trainer.weightsHash();
    trainer.importVariables(saved);
    const again = [3, 4].map((step) => trainer.step(batch(step), { step, seed: 3 }));
    expect(again).toEqual(once);
    expect(trainer.weightsHash()).toBe(hash);
    await trainer.close();
  });

  it('starts over, optimizer and moving statistics too, when it is initialized again', async () => {
    const { trainer, data } = await createShapesTrainer();
    trainer.initialize(4);
    const start = trainer.exportVariables();
    trainer.step(data.train.subarray(0, 32), { step: 10, seed: 4 });
    trainer.initialize(4);
    expect(trainer.exportVariables()).toEqual(start);
    await trainer.close();
  });

  it('starts kernels with a standard deviation of sqrt(2 / fan-out) and the classifier within 1 / sqrt(classes)', async () => {
    const { trainer } = await createShapesTrainer();
    trainer.initialize(5);
    const variables = trainer.exportVariables();
    const [name, kernel] =
      Object.entries(variables).find(([key]) => key.startsWith('head/') && key.endsWith('convolution/kernel')) ?? [];
    if (kernel === undefined) throw new Error(`There is no head kernel among ${Object.keys(variables).join(', ')}`);
    const filters = variables[`${name?.replace('convolution/kernel', 'normalization/scale')}`]?.length ?? 96;
    const deviation = Math.sqrt(Array.from(kernel).reduce((sum, value) => sum + value * value, 0) / kernel.length);
    // A 1 x 1 kernel: fan-out is its number of filters; 2,304 draws estimate the deviation to 1.5 % (one sigma).
    expect(deviation / Math.sqrt(2 / filters)).toBeCloseTo(1, 1);
    await trainer.close();
  });

  it('evaluates each image once, whatever the number does to the last batch', async () => {
    const { trainer, data } = await createShapesTrainer();
    trainer.initialize(6);
    const parts = [data.validation.subarray(0, 7), data.validation.subarray(7, 260), data.validation.subarray(260)];
    const whole = await trainer.evaluate(data.validation, soon);
    let correct = 0;
    let loss = 0;
    for (const part of parts) {
      const evaluation = await trainer.evaluate(part, soon);
      correct += evaluation.accuracy * part.length;
      loss += evaluation.loss * part.length;
    }
    expect(correct / data.validation.length).toBeCloseTo(whole.accuracy, 10);
    expect(loss / data.validation.length).toBeCloseTo(whole.loss, 5);
    await trainer.close();
  });

  it('draws dropout from the seed and the step, and not at all in evaluation', async () => {
    const { trainer, data } = await createShapesTrainer({ dropout: 0.5, learningRate: 1e-12, weightDecay: 0 });
    const batch = data.train.subarray(0, 32);
    const lossOf = (step: number, seed: number) => {
      trainer.initialize(7);
      return trainer.step(batch, { step, seed }).loss;
    };
    expect(lossOf(1, 1)).toBe(lossOf(1, 1));
    expect(lossOf(1, 1)).not.toBe(lossOf(2, 1));
    expect(lossOf(1, 1)).not.toBe(lossOf(1, 2));
    expect(await trainer.evaluate(batch, soon)).toEqual(await trainer.evaluate(batch, soon));
    await trainer.close();
  });
});
