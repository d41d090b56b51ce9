import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { contentHash, type LabelledImages } from '../src/index.ts';

function part(labels: readonly number[], pixels: readonly number[]): LabelledImages {
  return {
    count: labels.length,
    labels: Uint8Array.from(labels),
    images: Uint8Array.from(pixels),
  };
}
const dataset = {
  image: { height: 1, width: 2, channels: 1 },
  classes: 2,
  train: part([0, 1], [1, 2, 3, 4]),
  test: part([1], [5, 6]),
};

describe('the content hash', () => {
  it('is the SHA-256 of the shape, then labels and pixels of the training and the test split', () => {
    const bytes = Buffer.concat([Buffer.from('[1,2,1,2,2,1]\n'), Buffer.of(0, 1, 1, 2, 3, 4, 1, 5, 6)]);
    expect(contentHash(dataset)).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('differs where shape, classes, a label, a pixel or the border between the splits differ', () => {
    const others = [
      dataset,
      { ...dataset, image: { height: 2, width: 1, channels: 1 } },
      { ...dataset, image: { height: 1, width: 1, channels: 2 } },
      { ...dataset, classes: 3 },
      { ...dataset, train: part([1, 1], [1, 2, 3, 4]) },
      { ...dataset, train: part([0, 1], [1, 2, 4, 3]) },
      { ...dataset, test: part([0], [5, 6]) },
      { ...dataset, test: part([1], [5, 7]) },
      { ...dataset, train: dataset.test, test: dataset.train },
    ];
    expect(new Set(others.map(contentHash)).size).toBe(others.length);
  });
});
