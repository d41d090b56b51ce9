import { recipeSchema } from '@compound-search/contracts';
import { baselines, buildNetwork, scaleBaseline } from '@compound-search/networks';
import { describe, expect, it } from 'vitest';

import { loadAddon } from '../../src/tensorflow/addon.ts';
import type { PreparedData } from '../../src/trial/prepared-data.ts';
import { Trainer } from '../../src/trial/trainer.ts';

const classes = 5;
const image = { height: 24, width: 24, channels: 3 };
const count = 4;
const everyImage = Int32Array.from({ length: count }, (_, index) => index);

/** Four images without any order in them: a step needs no more. */
const data: PreparedData = {
  image,
  classes,
  contentHash: '0'.repeat(64),
  count,
  images: Uint8Array.from({ length: count * 24 * 24 * 3 }, (_, index) => (index * 7919) % 251),
  labels: Int32Array.of(0, 1, 2, 3),
  train: everyImage,
  validation: everyImage,
  test: new Int32Array(0),
};
const recipe = recipeSchema.parse({ batchSize: count, warmupEpochs: 0, learningRate: 0.01 });
const planar = [...baselines.values()].filter(({ input }) => input.spatial.length === 2);

describe('every two-dimensional baseline', () => {
  it.each(planar.map((baseline) => [baseline.name, baseline] as const))(
    '%s trains a step: its loss is finite, and every kernel and moving statistic changes',
    async (_, baseline) => {
      const options = { classes, resolution: 48, input: { channels: 3 }, stochasticDepthRate: 0 };
      const network = buildNetwork(scaleBaseline(baseline, { depth: 1, width: 1, resolution: 1 }, options));
      const trainer = await Trainer.create(loadAddon(), { network, recipe, data });
      trainer.initialize(1);
      const before = trainer.exportVariables();
      expect(trainer.step(everyImage, { step: 0, seed: 1 }).loss).toBeGreaterThan(0);
      const after = trainer.exportVariables();
      const kernels = Object.keys(before).filter((name) => /\/(?:kernel|movingMean|movingVariance)$/.test(name));
      expect(kernels.length).toBeGreaterThan(network.layers.length / 10);
      for (const name of kernels) {
        expect(after[name]?.every(Number.isFinite), name).toBe(true);
        expect(after[name], name).not.toEqual(before[name]);
      }
      await trainer.close();
    },
  );
});
