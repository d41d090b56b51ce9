import { type ComparisonMethod, comparisonMethods, CompoundSearchError } from '@compound-search/contracts';
import { buildNetwork, findBaseline, networkCost, scaleBaseline } from '@compound-search/networks';
import { efficientnetCoefficients } from '@compound-search/scaling';
import { describe, expect, it } from 'vitest';

import { type ComparedNetwork, type ComparisonPlanRequest, planComparison } from '../src/index.ts';

const request: ComparisonPlanRequest = {
  baseline: findBaseline('efficientnet-micro'),
  scaling: { classes: 10, input: { channels: 1 } },
  coefficients: efficientnetCoefficients,
  methods: comparisonMethods,
  target: 2,
  tolerance: 0.02,
};

/** Multiply-adds over the baseline's, of the networks built layer by layer. */
function builtRatio({ point }: ComparedNetwork, { baseline, scaling = {} }: ComparisonPlanRequest): number {
  const macs = (depth: number, width: number, resolution: number): number =>
    networkCost(buildNetwork(scaleBaseline(baseline, { depth, width, resolution }, scaling))).macs;
  return macs(point.alpha, point.beta, point.gamma) / macs(1, 1, 1);
}

const ownAxes: Readonly<Record<ComparisonMethod, readonly string[]>> = {
  'depth-only': ['alpha'],
  'width-only': ['beta'],
  'resolution-only': ['gamma'],
  compound: ['alpha', 'beta', 'gamma'],
};

function movedAxes({ point: { alpha, beta, gamma } }: ComparedNetwork): string[] {
  return Object.entries({ alpha, beta, gamma }).flatMap(([axis, value]) => (value === 1 ? [] : [axis]));
}

const baselines = ['efficientnet-b0', 'efficientnet-micro', 'mobilenet-v2-micro', 'resnet-micro'];
const cases = baselines.flatMap((name) => [2, 4].map((target) => ({ name, target })));

describe.each(cases)('a comparison of $name at $target times its cost', ({ name, target }) => {
  const own = { ...request, baseline: findBaseline(name), target };
  const networks = planComparison(own);

  it('has one network a method, labelled with it, each within 2 % of the target when it is built', () => {
    expect(networks.map(({ point }) => point.label)).toEqual([...comparisonMethods]);
    for (const network of networks) {
      expect(builtRatio(network, own)).toBeCloseTo(network.macsRatio, 9);
      expect(Math.abs(network.macsRatio / target - 1)).toBeLessThanOrEqual(0.02);
    }
  });

  it("moves a method's own axes alone, or one more, and then says so", () => {
    for (const network of networks) {
      const others = movedAxes(network).filter((axis) => !ownAxes[network.method].includes(axis));
      expect(others.length).toBeLessThanOrEqual(1);
      if (network.method !== 'compound') expect(others.length > 0).toBe(network.note !== null);
    }
  });
});

function refusal(changes: Partial<ComparisonPlanRequest>): CompoundSearchError {
  try {
    planComparison({ ...request, ...changes });
  } catch (error) {
    if (error instanceof CompoundSearchError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('a comparison', () => {
  it('keeps the proportion of the coefficients, whatever their own size', () => {
    const { alpha, beta, gamma } = efficientnetCoefficients;
    const squared = { alpha: alpha ** 2, beta: beta ** 2, gamma: gamma ** 2 };
    expect(planComparison({ ...request, coefficients: squared })).toEqual(planComparison(request));
    const b0 = { ...request, baseline: findBaseline('efficientnet-b0'), methods: ['compound'] as const };
    const [compound] = planComparison(b0);
    if (compound === undefined) throw new Error('There is one network.');
    const { point, note } = compound;
    if (note === null) {
      expect(Math.log(point.alpha) / Math.log(point.gamma)).toBeCloseTo(Math.log(alpha) / Math.log(gamma), 2);
    }
    expect(Math.log(point.alpha) / Math.log(point.beta)).toBeCloseTo(Math.log(alpha) / Math.log(beta), 2);
  });

  it('shrinks a baseline to a target below 1', () => {
    for (const { macsRatio } of planComparison({ ...request, target: 0.5, methods: ['width-only', 'compound'] })) {
      expect(Math.abs(macsRatio / 0.5 - 1)).toBeLessThanOrEqual(0.02);
    }
  });

  it.each([
    {
      because: 'no network comes near enough',
      changes: { tolerance: 1e-7, methods: ['depth-only'] as const },
      code: 'GRID_INFEASIBLE',
      field: 'targets',
    },
    {
      because: 'the coefficients leave the cost as it is',
      changes: { coefficients: { alpha: 1, beta: 1, gamma: 1 } },
      code: 'COEFFICIENT_INVALID',
      field: 'coefficients',
    },
    {
      because: 'a coefficient is not positive',
      changes: { coefficients: { alpha: 0, beta: 1, gamma: 1 } },
      code: 'COEFFICIENT_INVALID',
      field: 'alpha',
    },
  ])('is refused where $because, with a remedy', ({ changes, code, field }) => {
    const error = refusal(changes);
    expect(error).toMatchObject({ code, field });
    expect(error.remedy ?? '').not.toBe('');
  });

  it('names a tolerance that would do', () => {
    const tight = { methods: ['depth-only'] as const, tolerance: 1e-7 };
    const raised = /Raise tolerance to ([\d.e-]+)/.exec(refusal(tight).remedy ?? '')?.[1];
    expect(planComparison({ ...request, ...tight, tolerance: Number(raised) })).toHaveLength(1);
  });
});
