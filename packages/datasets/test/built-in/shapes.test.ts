import { describe, expect, it } from 'vitest';

import { drawShapes, type LabelledImages, loadDataset, shapesImage } from '../../src/index.ts';

const size = shapesImage.height * shapesImage.width;
function image({ images }: LabelledImages, index: number): Uint8Array {
  return images.subarray(index * size, (index + 1) * size);
}

function normalized(pixels: Uint8Array): Float64Array {
  const mean = pixels.reduce((sum, pixel) => sum + pixel, 0) / size;
  const deviation = Math.sqrt(pixels.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0) / size);
  return Float64Array.from(pixels, (pixel) => (pixel - mean) / deviation);
}
function similarity(one: Float64Array, other: Float64Array): number {
  return one.reduce((sum, value, pixel) => sum + value * (other[pixel] ?? 0), 0);
}

/** Fraction of the test images whose most similar reference is of their class. */
function accuracy(test: LabelledImages, references: readonly Float64Array[], labels: readonly number[]): number {
  let correct = 0;
  for (let index = 0; index < test.count; index++) {
    const pixels = normalized(image(test, index));
    const similarities = references.map((reference) => similarity(reference, pixels));
    correct += Number(labels[similarities.indexOf(Math.max(...similarities))] === test.labels[index]);
  }
  return correct / test.count;
}

describe('the drawn shapes', () => {
  const train = drawShapes({ seed: 1, stream: 'train', count: 1500 });
  const test = drawShapes({ seed: 1, stream: 'test', count: 200 });

  it('are the same bytes for the same seed, stream and count', () => {
    expect(drawShapes({ seed: 1, stream: 'test', count: 200 })).toEqual(test);
    expect(drawShapes({ seed: 2, stream: 'test', count: 200 }).images).not.toEqual(test.images);
    expect(drawShapes({ seed: 1, stream: 'other', count: 200 }).images).not.toEqual(test.images);
  });

  it('are the same data set on every machine', async () => {
    const { contentHash } = await loadDataset('shapes');
    expect(contentHash).toBe('5a4cc873f019f501207359c23d86c6f1891cf86d84b7afb2fde7cd3c8eeb94cb');
  });

  it('come in ten classes of equal size', () => {
    const counts = new Array<number>(10).fill(0);
    for (const label of train.labels) counts[label] = (counts[label] ?? 0) + 1;
    expect(counts).toEqual(new Array<number>(10).fill(150));
  });

  it('can be learnt: the most similar of 1500 images is mostly of the same class', () => {
    const references = Array.from({ length: train.count }, (_, index) => normalized(image(train, index)));
    expect(accuracy(test, references, [...train.labels])).toBeGreaterThan(0.7);
  });

  it('cannot be learnt from the average image of each class', () => {
    const averages = Array.from({ length: 10 }, (_, label) => {
      const sum = new Float64Array(size);
      for (let index = label; index < train.count; index += 10) {
        image(train, index).forEach((pixel, place) => (sum[place] = (sum[place] ?? 0) + pixel));
      }
      return normalized(Uint8Array.from(sum, (value) => value / 150));
    });
    const labels = averages.map((_, label) => label);
    expect(accuracy(test, averages, labels)).toBeLessThan(0.5);
  });
});
