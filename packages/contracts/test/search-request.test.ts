import { describe, expect, it } from 'vitest';

import { searchRequestSchema } from '../src/index.ts';

const grid = { alpha: [1.2], beta: [1.1], gamma: { from: 1, to: 1.4, step: 0.05 } };
const request = { baseline: 'efficientnet-micro', dataset: 'mnist', grid };

describe('searchRequestSchema', () => {
  it('fills in a tolerance that admits the answer of the paper, whose product is 1.92027', () => {
    const { constraint } = searchRequestSchema.parse(request);
    expect(constraint).toEqual({
      measure: 'formula',
      target: 2,
      tolerance: 0.1,
      toleranceKind: 'absolute',
      exponents: [1, 2, 2],
      tuneResolution: false,
      maximum: {},
    });
    expect(Math.abs(1.2 * 1.1 ** 2 * 1.15 ** 2 - constraint.target)).toBeLessThan(constraint.tolerance);
  });

  it('fills in the optimizer of the paper (section 5.2 and tensorflow/tpu)', () => {
    const { recipe } = searchRequestSchema.parse(request);
    expect(recipe).toMatchObject({
      optimizer: { kind: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1e-3 },
      weightDecay: 1e-5,
      labelSmoothing: 0.1,
      learningRateDecay: 0.97,
      learningRateDecayEpochs: 2.4,
    });
  });

  it('trains every candidate with two seeds where none are named, and takes no seed twice', () => {
    expect(searchRequestSchema.parse(request).seeds).toEqual([1, 2]);
    expect(searchRequestSchema.safeParse({ ...request, seeds: [3, 3] }).success).toBe(false);
  });

  it.each([
    ['an axis with a number that is not finite', { grid: { ...grid, alpha: [Infinity] } }],
    ['an empty axis', { grid: { ...grid, beta: [] } }],
    ['a range without a step', { grid: { ...grid, gamma: { from: 1, to: 2 } } }],
    ['a negative tolerance', { constraint: { tolerance: -0.1 } }],
    ['a minimum of 0', { grid: { ...grid, minimum: 0 } }],
    ['a minimum above 1, which would leave the baseline out', { grid: { ...grid, minimum: 1.1 } }],
    ['an axis that is a word other than solve', { grid: { ...grid, alpha: 'auto' } }],
    ['a measure that there is none of', { constraint: { measure: 'flops' } }],
    ['a maximum that there is none of', { constraint: { maximum: { memory: 1e9 } } }],
    ['a maximum of 0', { constraint: { maximum: { macs: 0 } } }],
    ['a field that it does not know', { tolerance: 0.1 }],
    ['neither a grid nor points', { grid: undefined }],
    ['a grid and points', { points: [{ alpha: 1, beta: 1, gamma: 1 }] }],
    ['a list of no points', { grid: undefined, points: [] }],
    ['a point of which a coefficient is 0', { grid: undefined, points: [{ alpha: 1, beta: 0, gamma: 1 }] }],
    ['the rows of another search without their points', { transferOf: { searchId: 's', phi: 2 } }],
    ['a batch of no images', { recipe: { batchSize: 0 } }],
    ['a seed that is no whole number', { seeds: [0.5] }],
  ])('refuses %s', (_, change) => {
    expect(searchRequestSchema.safeParse({ ...request, ...change }).success).toBe(false);
  });

  it('takes a solved axis, which the plan judges', () => {
    expect(searchRequestSchema.parse({ ...request, grid: { ...grid, alpha: 'solve' } }).grid).toEqual({
      ...grid,
      alpha: 'solve',
      minimum: 1,
    });
  });

  it('takes a list of points in the place of a grid', () => {
    const points = [{ alpha: 2, beta: 1, gamma: 1, label: 'deep' }];
    const { grid: none, ...listed } = searchRequestSchema.parse({ ...request, grid: undefined, points });
    expect(none).toBeUndefined();
    expect(listed.points).toEqual(points);
  });

  it('is stable: what it has filled in is parsed to itself', () => {
    const once = searchRequestSchema.parse(request);
    expect(searchRequestSchema.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });
});
