import { describe, expect, it } from 'vitest';

import { createShapesTrainer } from '../shapes-trainer.ts';

function soon() {
  return Promise.resolve();
}

async function createTrainer(weightAverageDecay: number) {
  const { trainer, data } = await createShapesTrainer({ weightAverageDecay, warmupEpochs: 0 });
  trainer.initialize(1);
  return { trainer, data };
}

describe('the averages of weights', () => {
  it('start as the weights and follow them as tf.train.ExponentialMovingAverage does, moving statistics too', async () => {
    const decay = 0.3;
    const { trainer, data } = await createTrainer(decay);
    const names = [
      'stem/main/convolution/kernel',
      'head/features/normalization/movingVariance',
      'head/classifier/bias',
    ];
    let expected = names.map((name) => Array.from(trainer.exportVariables()[name] ?? []));
    for (let step = 0; step < 5; step += 1) {
      trainer.step(data.train.subarray(step * 32, (step + 1) * 32), { step, seed: 1 });
      const after = trainer.exportVariables();
      // Early steps keep less: 1/10, 2/11, 3/12, then the decay of 0.3.
      const kept = Math.min(decay, (1 + step) / (10 + step));
      expected = names.map((name, index) =>
        Array.from(after[name] ?? [], (value, at) => kept * (expected[index]?.[at] ?? NaN) + (1 - kept) * value),
      );
      names.forEach((name, index) => {
        Array.from(after[`${name}/average`] ?? []).forEach((average, at) =>
          expect(average).toBeCloseTo(expected[index]?.[at] ?? NaN, 5),
        );
      });
    }
    await trainer.close();
  });

  it('are what evaluation uses, and change nothing in the training itself', async () => {
    const averaged = await createTrainer(0.9);
    const plain = await createTrainer(0);
    for (let step = 0; step < 4; step += 1) {
      const batch = averaged.data.train.subarray(step * 32, (step + 1) * 32);
      expect(averaged.trainer.step(batch, { step, seed: 1 })).toEqual(plain.trainer.step(batch, { step, seed: 1 }));
    }
    const { validation } = averaged.data;
    const before = await averaged.trainer.evaluate(validation, soon);
    expect(before).not.toEqual(await plain.trainer.evaluate(validation, soon));
    const averages = averaged.trainer.evaluatedVariables();
    plain.trainer.importVariables({ ...plain.trainer.exportVariables(), ...Object.fromEntries(averages) });
    expect(await plain.trainer.evaluate(validation, soon)).toEqual(before);
    await averaged.trainer.close();
    await plain.trainer.close();
  });
});
