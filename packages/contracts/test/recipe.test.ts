import { describe, expect, it } from 'vitest';

import { recipeSchema } from '../src/index.ts';

describe('the augmentation of a recipe', () => {
  it('is off where nothing is said', () => {
    expect(recipeSchema.parse({}).augmentation).toEqual({ horizontalFlip: false, cropPadding: 0, mixup: 0 });
  });

  it('takes the bounds of the papers where it is only switched on', () => {
    const augmentation = { resizedCrop: {}, randAugment: {}, randomErasing: {} };
    expect(recipeSchema.parse({ augmentation }).augmentation).toMatchObject({
      resizedCrop: { area: [0.08, 1], aspectRatio: [3 / 4, 4 / 3] },
      randAugment: { operations: 2, magnitude: 5 },
      randomErasing: { probability: 0.25, area: [0.02, 1 / 3], aspectRatio: [0.3, 1 / 0.3] },
    });
  });

  it.each([
    ['an area that ends before it starts', { resizedCrop: { area: [0.9, 0.5] } }, ['resizedCrop', 'area']],
    ['an aspect ratio that does', { resizedCrop: { aspectRatio: [2, 1] } }, ['resizedCrop', 'aspectRatio']],
    ['an area to erase that does', { randomErasing: { area: [0.3, 0.2] } }, ['randomErasing', 'area']],
    ['a ratio to erase that does', { randomErasing: { aspectRatio: [3, 1] } }, ['randomErasing', 'aspectRatio']],
    ['an area above the image', { resizedCrop: { area: [0.5, 1.1] } }, ['resizedCrop', 'area', 1]],
    ['a magnitude above 10', { randAugment: { magnitude: 11 } }, ['randAugment', 'magnitude']],
    ['a mixup so small that it hardly mixes', { mixup: 0.001 }, ['mixup']],
  ])('refuses %s, and says where', (_, augmentation, path) => {
    const issues = recipeSchema.safeParse({ augmentation }).error?.issues;
    expect(issues?.map((issue) => issue.path)).toEqual([['augmentation', ...path]]);
  });

  it('takes a range of one value', () => {
    const augmentation = { resizedCrop: { area: [0.5, 0.5], aspectRatio: [1, 1] } };
    expect(recipeSchema.safeParse({ augmentation }).success).toBe(true);
  });

  it('refuses to mix batches of one image', () => {
    const issues = recipeSchema.safeParse({ batchSize: 1, augmentation: { mixup: 0.2 } }).error?.issues;
    expect(issues?.map((issue) => issue.path)).toEqual([['augmentation', 'mixup']]);
  });
});
