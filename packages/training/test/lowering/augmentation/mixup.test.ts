import { constant, oneHot } from '@compound-search/graph';
import { describe, expect, it } from 'vitest';

import { mixBatch } from '../../../src/lowering/augmentation/mix-batch.ts';
import { drawMixing } from '../../../src/lowering/augmentation/mixup.ts';
import { at, noiseBytes, output, type Outputs, runAugmentation } from './run-graph.ts';

const shape = [2, 3, 1] as const;
const size = 6;
const batch = 50;
const images = Float32Array.from(noiseBytes(batch * size, 3), (byte) => byte / 127.5 - 1);
const labels = [...noiseBytes(batch, 4)].map((byte) => byte % 4);

function run(mixup: number, steps = 1): Promise<Outputs[]> {
  const seedsAndSteps = Array.from({ length: steps }, (_, step) => [2, step] as const);
  return runAugmentation({ images, shape, seedsAndSteps }, (inputs) => {
    const known = constant(inputs.images.graph, labels, { dtype: 'int32' });
    const unmixed = {
      images: inputs.images,
      labels: known,
      targets: (encode: (of: typeof known) => typeof known) => encode(known),
    };
    const mixed = mixBatch(unmixed, { augmentation: { mixup }, draws: inputs.draws });
    const encode = (of: typeof known) => oneHot(of, { depth: 4, on: 0.925, off: 0.025 });
    return {
      ...drawMixing(inputs.draws, mixup),
      images: mixed.images,
      labels: mixed.labels,
      targets: mixed.targets(encode),
    };
  });
}

describe('mixup', () => {
  it("mixes each image and its smoothed label with its partner's, by its own share", async () => {
    const [outputs] = await run(0.4);
    for (let index = 0; index < batch; index += 1) {
      const [share, partner] = [at(output(outputs, 'share'), index), at(output(outputs, 'partner'), index)];
      for (let pixel = 0; pixel < size; pixel += 1) {
        const [own, other] = [at(images, index * size + pixel), at(images, partner * size + pixel)];
        expect(at(output(outputs, 'images'), index * size + pixel)).toBeCloseTo(share * own + (1 - share) * other, 5);
      }
      // With smoothing 0.1 over 4 classes a label is 0.925 and each other class 0.025.
      const [ownLabel, otherLabel] = [at(labels, index), at(labels, partner)];
      for (let label = 0; label < 4; label += 1) {
        const target =
          share * (label === ownLabel ? 0.925 : 0.025) + (1 - share) * (label === otherLabel ? 0.925 : 0.025);
        expect(at(output(outputs, 'targets'), index * 4 + label)).toBeCloseTo(target, 5);
      }
      expect(at(output(outputs, 'labels'), index)).toBe(share >= 0.5 ? ownLabel : otherLabel);
    }
  });

  it('takes every other image as a partner, and never the image itself', async () => {
    const results = await run(1, 100);
    const distances = results.flatMap((outputs) =>
      [...output(outputs, 'partner')].map((partner, index) => (partner - index + batch) % batch),
    );
    expect(new Set(distances)).toEqual(new Set(Array.from({ length: batch - 1 }, (_, index) => index + 1)));
  });

  it.each([0.01, 0.2, 1, 8])('draws shares from Beta(%s, %s)', async (alpha) => {
    const shares = (await run(alpha, 100)).flatMap((outputs) => [...output(outputs, 'share')]);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    const square = shares.reduce((sum, share) => sum + (share - 0.5) ** 2, 0) / shares.length;
    // Mean 1/2 and variance 1 / (4 (2 alpha + 1)); 5,000 draws, and bounds of four standard errors. That of the variance
    // follows from the kurtosis, 3 - 6 / (2 alpha + 3).
    const variance = 1 / (4 * (2 * alpha + 1));
    const kurtosis = 3 - 6 / (2 * alpha + 3);
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(variance / shares.length));
    expect(Math.abs(square - variance)).toBeLessThan(4 * variance * Math.sqrt((kurtosis - 1) / shares.length));
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  });

  it('draws new shares and partners in another step, and differing ones within a batch', async () => {
    const [first, second] = await run(1, 2);
    for (const name of ['share', 'partner']) {
      expect(output(second, name)).not.toEqual(output(first, name));
      expect(new Set(output(first, name)).size).toBeGreaterThan(batch / 2);
    }
  });
});
