import { createHash } from 'node:crypto';

import { beforeAll, describe, expect, it } from 'vitest';

import { type Dataset, type Labels, loadDataset } from '../../src/index.ts';

describe('MNIST', () => {
  let mnist: Dataset;
  beforeAll(async () => {
    mnist = await loadDataset('mnist');
  });

  const counts = (labels: Labels): number[] =>
    Array.from({ length: 10 }, (_, digit) => [...labels].filter((label) => label === digit).length);

  it('has the digits in the numbers that are published for it', () => {
    expect(counts(mnist.train.labels)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(counts(mnist.test.labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect([...mnist.train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  });

  it('has the mean and deviation of the training pixels that is commonly used to normalize them', () => {
    // 0.1307 and 0.3081, as in the MNIST example of PyTorch.
    const histogram = new Float64Array(256);
    for (const pixel of mnist.train.images) histogram[pixel] = (histogram[pixel] ?? 0) + 1;
    const total = mnist.train.images.length;
    const mean = histogram.reduce((sum, count, value) => sum + (count * value) / 255 / total, 0);
    const variance = histogram.reduce((sum, count, value) => sum + (count * (value / 255 - mean) ** 2) / total, 0);
    expect(mean).toBeCloseTo(0.1307, 4);
    expect(Math.sqrt(variance)).toBeCloseTo(0.3081, 4);
  });

  it('is the data of the original files, byte for byte', () => {
    // SHA-256 of the decompressed train-images-idx3-ubyte and t10k-labels-idx1-ubyte as published for MNIST.
    const file = (header: readonly number[], values: Labels): string => {
      const bytes = Buffer.alloc(4 * header.length);
      header.forEach((word, index) => bytes.writeUInt32BE(word, 4 * index));
      return createHash('sha256').update(bytes).update(values).digest('hex');
    };
    expect(file([0x803, 60_000, 28, 28], mnist.train.images)).toBe(
      'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    );
    expect(file([0x801, 10_000], mnist.test.labels)).toBe(
      'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    );
  });
});
