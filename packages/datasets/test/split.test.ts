import { CompoundSearchError } from '@compound-search/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { requireSplitSizes, stratifiedSplit, type StratifiedSplitRequest } from '../src/index.ts';

/** Class sizes of at least 2, the labels in an arbitrary order, and sizes that fit. */
const requests: fc.Arbitrary<StratifiedSplitRequest & { sizes: number[] }> = fc
  .array(fc.integer({ min: 2, max: 40 }), { minLength: 1, maxLength: 12 })
  .chain((sizes) => {
    const classes = sizes.length;
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const labels = sizes.flatMap((size, label) => new Array<number>(size).fill(label));
    return fc.integer({ min: classes, max: total - classes }).chain((validationImages) =>
      fc.record({
        sizes: fc.constant(sizes),
        classes: fc.constant(classes),
        labels: fc.shuffledSubarray(labels, { minLength: total }),
        validationImages: fc.constant(validationImages),
        trainImages: fc.integer({ min: classes, max: total - validationImages }),
        seed: fc.integer(),
      }),
    );
  });

function countByClass(indices: Int32Array, request: StratifiedSplitRequest): number[] {
  const counts = new Array<number>(request.classes).fill(0);
  for (const index of indices) {
    const label = request.labels[index] ?? 0;
    counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts;
}

function refusal(request: Partial<StratifiedSplitRequest>): unknown {
  try {
    const labels = Array.from({ length: 20 }, (_, index) => index % 4);
    stratifiedSplit({ labels, classes: 4, trainImages: 8, validationImages: 8, seed: 0, ...request });
  } catch (error) {
    expect(error).toBeInstanceOf(CompoundSearchError);
    return error;
  }
  throw new Error('It was not refused.');
}

describe('a stratified split', () => {
  it('has the sizes asked for, of distinct images, each in one part only', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const { train, validation } = stratifiedSplit(request);
        expect(train.length).toBe(request.trainImages);
        expect(validation.length).toBe(request.validationImages);
        const all = [...train, ...validation];
        expect(new Set(all).size).toBe(all.length);
        expect(all.every((index) => index >= 0 && index < request.labels.length)).toBe(true);
        expect(train).toEqual(train.toSorted());
        expect(validation).toEqual(validation.toSorted());
      }),
    );
  });

  it('gives every class at least one image in each part', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const { train, validation } = stratifiedSplit(request);
        expect(Math.min(...countByClass(train, request))).toBeGreaterThanOrEqual(1);
        expect(Math.min(...countByClass(validation, request))).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('keeps each class within one image of its proportion where no part is tiny', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const total = request.labels.length;
        const smallest = Math.min(...request.sizes);
        // Neither part so small that a class would fall below its one guaranteed image.
        fc.pre(Math.min(request.validationImages, total - request.validationImages) * smallest >= 2 * total);
        countByClass(stratifiedSplit(request).validation, request).forEach((count, label) => {
          const proportion = (request.validationImages * (request.sizes[label] ?? 0)) / total;
          expect(Math.abs(count - proportion)).toBeLessThan(1);
        });
      }),
    );
  });

  it('shares 7 images out over classes of 5, 3 and 2 by largest remainder as 3, 2 and 2', () => {
    // 7/10 of 5, 3, 2 is 3.5, 2.1, 1.4: 3, 2, 1 and one more for the largest remainder, the first; but training needs
    // one image of the last class too, and its two images leave 1 for it.
    const request = {
      labels: [0, 0, 0, 0, 0, 1, 1, 1, 2, 2],
      classes: 3,
      trainImages: 3,
      validationImages: 7,
      seed: 0,
    };
    const { train, validation } = stratifiedSplit(request);
    expect(countByClass(validation, request)).toEqual([4, 2, 1]);
    expect(countByClass(train, request)).toEqual([1, 1, 1]);
  });

  it('is the same for the same seed and another for another seed', () => {
    const labels = Array.from({ length: 1000 }, (_, index) => index % 10);
    const split = (seed: number) =>
      stratifiedSplit({ labels, classes: 10, trainImages: 100, validationImages: 50, seed });
    expect(split(0)).toEqual(split(0));
    expect(split(0).train).not.toEqual(split(1).train);
    expect(split(0).validation).not.toEqual(split(1).validation);
  });

  it('ranks on the same images whatever the number of training images, and adds to these when they grow', () => {
    // 400 images of class 0 and 200 of each other class.
    const labels = Array.from({ length: 1000 }, (_, index) => Math.max(0, (index % 5) - 1));
    const split = (trainImages: number) =>
      stratifiedSplit({ labels, classes: 4, trainImages, validationImages: 100, seed: 3 });
    const small = split(200);
    const large = split(800);
    expect(small.validation).toEqual(large.validation);
    const included = new Set(large.train);
    expect(small.train.every((index) => included.has(index))).toBe(true);
  });

  it('takes every image of a class with the same probability', () => {
    // 20 images, 5 of them for validation, over 2000 seeds: 500 each within five standard errors, 5 * 19.4 = 97.
    const counts = new Array<number>(20).fill(0);
    for (let seed = 0; seed < 2000; seed++) {
      const request = { labels: new Uint8Array(20), classes: 1, trainImages: 5, validationImages: 5, seed };
      for (const index of stratifiedSplit(request).validation) counts[index] = (counts[index] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(97);
  });

  it('refuses more images than there are', () => {
    expect(refusal({ trainImages: 13 })).toMatchObject({
      code: 'SPLIT_INVALID',
      field: 'split.trainImages',
      value: 13,
      message: '13 + 8 = 21 images are asked for, but there are 20.',
    });
  });

  it('refuses fewer images than classes, and numbers that are not whole', () => {
    expect(refusal({ validationImages: 3 })).toMatchObject({
      code: 'SPLIT_INVALID',
      field: 'split.validationImages',
      value: 3,
    });
    for (const trainImages of [3, 0, -1, 8.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(refusal({ trainImages })).toMatchObject({ code: 'SPLIT_INVALID', field: 'split.trainImages' });
    }
  });

  it('is refused from its sizes alone just as when it is made', () => {
    const sizes = fc.record({
      trainImages: fc.integer({ min: 0, max: 12 }),
      validationImages: fc.integer({ min: 0, max: 12 }),
    });
    const labels = Array.from({ length: 12 }, (_, index) => index % 3);
    const refusalOf = (act: () => unknown): unknown => {
      try {
        act();
        return null;
      } catch (error) {
        return error;
      }
    };
    fc.assert(
      fc.property(sizes, (asked) => {
        const checked = refusalOf(() => {
          requireSplitSizes({ ...asked, classes: 3, available: 12 });
        });
        expect(refusalOf(() => stratifiedSplit({ ...asked, labels, classes: 3, seed: 0 }))).toEqual(checked);
      }),
    );
  });

  it('takes validation images from the split of their own where there is one, with the classes in proportion', () => {
    // 12 and 4 validation images: half of them are 6 and 2. 10 and 20 training images: a fifth of them is 2 and 4.
    const validationLabels = Array.from({ length: 16 }, (_, index) => Number(index % 4 === 0));
    const labels = Array.from({ length: 30 }, (_, index) => Number(index % 3 !== 0));
    const request = { labels, validationLabels, classes: 2, trainImages: 6, validationImages: 8, seed: 5 };
    const { train, validation } = stratifiedSplit(request);
    expect(countByClass(train, request)).toEqual([2, 4]);
    expect(countByClass(validation, { ...request, labels: validationLabels })).toEqual([6, 2]);
    expect(new Set(validation).size).toBe(8);
    expect(validation).toEqual(validation.toSorted());
    expect(stratifiedSplit(request)).toEqual({ train, validation });
    expect(stratifiedSplit({ ...request, seed: 6 }).validation).not.toEqual(validation);
    // Neither depends on how many of the others are taken.
    expect(stratifiedSplit({ ...request, trainImages: 30 }).validation).toEqual(validation);
    expect(stratifiedSplit({ ...request, validationImages: 16 }).train).toEqual(train);
  });

  it('takes all of both splits where as many are asked for, even one image of a class', () => {
    const request = { labels: [0, 1, 1], validationLabels: [1, 0], classes: 2, trainImages: 3, validationImages: 2 };
    const { train, validation } = stratifiedSplit({ ...request, seed: 1 });
    expect([[...train], [...validation]]).toEqual([
      [0, 1, 2],
      [0, 1],
    ]);
  });

  it('refuses more images than either split of its own has', () => {
    const validationLabels = [0, 1, 2, 3, 0, 1];
    expect(refusal({ validationLabels, validationImages: 7 })).toMatchObject({
      code: 'SPLIT_INVALID',
      field: 'split.validationImages',
      value: 7,
      message: "7 images are asked for, but the data set's validation split has 6.",
      remedy: 'Lower validationImages to at most 6.',
    });
    expect(refusal({ validationLabels, validationImages: 4, trainImages: 21 })).toMatchObject({
      code: 'SPLIT_INVALID',
      field: 'split.trainImages',
      value: 21,
      message: "21 images are asked for, but the data set's training split has 20.",
      remedy: 'Lower trainImages to at most 20.',
    });
  });

  it('refuses a class of which there are too few images for both parts', () => {
    const labels = [0, 0, 0, 0, 0, 0, 1];
    expect(refusal({ labels, classes: 2, trainImages: 2, validationImages: 2 })).toMatchObject({
      code: 'SPLIT_INVALID',
      message: 'Class 1 has 1 images, but training and validation need one each.',
    });
  });
});
