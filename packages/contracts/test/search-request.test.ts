import { describe, expect, it } from 'vitest';

import { filledRequestSchema, formatPath, schemaFaults, searchRequestSchema, strategyKinds } from '../src/index.ts';

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

  it('lets candidates race where no strategy is named', () => {
    expect(searchRequestSchema.parse(request).strategy).toEqual({
      kind: 'racing',
      indifference: 0.002,
      confidence: 0.97,
      batch: 4,
      budget: {},
    });
  });

  it('fills in an indifference in units of what is ranked by, unless one is given', () => {
    const indifferenceOf = (objective: object, strategy?: unknown): number =>
      searchRequestSchema.parse({ ...request, objective, strategy }).strategy.indifference;
    expect(indifferenceOf({ kind: 'accuracy' })).toBe(0.002);
    expect(indifferenceOf({ kind: 'reward' }, 'full')).toBe(0.002);
    expect(indifferenceOf({ kind: 'loss' })).toBe(0.01);
    expect(indifferenceOf({ kind: 'loss' }, { kind: 'halving', batch: 2 })).toBe(0.01);
    expect(indifferenceOf({ kind: 'loss' }, { kind: 'racing', indifference: 0.002 })).toBe(0.002);
  });

  it.each(strategyKinds)('takes the name %s alone for that strategy with all its defaults', (kind) => {
    const named = searchRequestSchema.parse({ ...request, strategy: kind });
    expect(named).toEqual(searchRequestSchema.parse({ ...request, strategy: { kind } }));
    expect(named.strategy.kind).toBe(kind);
  });

  it.each([
    ['racing', 32],
    ['full', 2],
    ['halving', 3],
    [{ kind: 'racing', rungs: {}, budget: { trials: 9 } }, 32],
  ] as const)('has as many seeds as suit the strategy %o where none are named: %i', (strategy, count) => {
    const { seeds } = searchRequestSchema.parse({ ...request, strategy });
    expect(seeds).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  it('keeps the seeds that are named, whatever the strategy, and takes none twice', () => {
    for (const strategy of strategyKinds) {
      expect(searchRequestSchema.parse({ ...request, strategy, seeds: [7, 3] }).seeds).toEqual([7, 3]);
    }
    expect(searchRequestSchema.safeParse({ ...request, seeds: [3, 3] }).success).toBe(false);
  });

  it('names the strategies that there are where it is given another', () => {
    const faults = (strategy: unknown) => {
      const written = { ...request, strategy };
      const { error } = searchRequestSchema.safeParse(written);
      return error === undefined
        ? []
        : schemaFaults(error, written).map(({ path, detail }) => [formatPath(path), detail]);
    };
    const names = '"racing", "full", "halving"';
    expect(faults('quick')).toEqual([['strategy', `must be one of ${names}, not a string`]]);
    expect(faults({ kind: 'full', batch: 4 })).toEqual([['strategy.batch', 'is not a field that is known here']]);
    expect(faults({})).toMatchObject([['strategy.kind', expect.stringContaining('missing') as string]]);
    expect(faults(7)).toEqual([['strategy', `must be an object or one of ${names}, not 7`]]);
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
    expect(searchRequestSchema.encode(once)).toEqual(once);
    expect(filledRequestSchema.parse(once)).toEqual(once);
  });
});
