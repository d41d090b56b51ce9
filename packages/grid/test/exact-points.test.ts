import { type Constraint, type GridRequest } from '@compound-search/contracts';
import { findBaseline } from '@compound-search/networks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type PlanRequest, planSearch } from '../src/index.ts';
import { allPoints, base, constraint, pointsOf, ratioAt, refusal } from './exact-request.ts';

const coefficients = fc.uniqueArray(
  fc.integer({ min: 70, max: 220 }).map((hundredths) => hundredths / 100),
  { minLength: 1, maxLength: 5 },
);
const grids = fc.record({
  alpha: coefficients,
  beta: coefficients,
  gamma: coefficients,
  minimum: fc.constant(0.7),
});
const baselines = fc.constantFrom('efficientnet-micro', 'mobilenet-v2-micro', 'resnet-micro', 'mobilenet-v1-cifar');
const targets = fc.integer({ min: 50, max: 400 }).map((hundredths) => hundredths / 100);

describe('points held to an exact cost', () => {
  it.each(['macs', 'parameters', 'activations', 'memory'] as const)(
    'by %s are those that costing every point finds, for any grid, baseline and constraint',
    (measure) => {
      fc.assert(
        fc.property(
          grids,
          baselines,
          targets,
          fc.double({ min: 0.01, max: 1, noNaN: true }),
          (grid, name, target, tolerance) => {
            const baseline = findBaseline(name);
            const expected = allPoints(grid).filter(
              (point) => Math.abs(ratioAt(point, measure, baseline) - target) <= tolerance,
            );
            const changes = { grid, baseline, constraint: constraint({ measure, target, tolerance }) };
            if (expected.length > 0) expect(pointsOf(changes)).toEqual(expected);
            else expect(refusal(changes).code).toBe('GRID_INFEASIBLE');
          },
        ),
        { numRuns: 20 },
      );
    },
  );

  it('are within a share of the target where the tolerance is relative', () => {
    const changes = { constraint: constraint({ target: 3, tolerance: 0.1, toleranceKind: 'relative' }) };
    const found = pointsOf(changes);
    expect(found).toEqual(allPoints(base.grid).filter((point) => Math.abs(ratioAt(point, 'macs') - 3) <= 0.3));
    expect(found.length).toBeGreaterThan(0);
  });

  it('are refused with the nearest network and a tolerance that admits it, for any grid', () => {
    fc.assert(
      fc.property(
        grids,
        targets,
        fc.constantFrom('absolute' as const, 'relative' as const),
        (grid, target, toleranceKind) => {
          const strict = constraint({ target, tolerance: 0, toleranceKind });
          const distances = allPoints(grid).map((point) => Math.abs(ratioAt(point, 'macs') - target));
          fc.pre(Math.min(...distances) > 1e-6);
          const error = refusal({ grid, constraint: strict });
          expect(error).toMatchObject({ code: 'GRID_INFEASIBLE', field: 'constraint.tolerance' });
          const { ratio } = error.value as { ratio: number };
          expect(Math.abs(ratio - target)).toBeCloseTo(Math.min(...distances), 9);
          const tolerance = Number(/tolerance to ([\d.e-]+)[,.]/.exec(error.remedy ?? '')?.[1]);
          expect(pointsOf({ grid, constraint: { ...strict, tolerance } }).length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('are passed over, not an error, where an axis reaches beyond what can be costed', () => {
    // 4096 blocks at most: at alpha = 1000 the micro baseline would have more.
    const grid = { alpha: [1, 1.5, 1000], beta: [1], gamma: [1, 1.2] };
    expect(pointsOf({ grid, constraint: constraint({ tolerance: 1 }) })).toEqual(
      pointsOf({ grid: { ...grid, alpha: [1, 1.5] }, constraint: constraint({ tolerance: 1 }) }),
    );
  });

  it('are found in a grid of ten million points without costing each', () => {
    const axis = (to: number) => ({ from: 1, to, step: 0.005 });
    const grid = { alpha: { from: 1, to: 2.07, step: 0.005 }, beta: axis(2.07), gamma: axis(2.07) };
    const tight = constraint({ tolerance: 0.002 });
    const limits = { maximumCandidates: 1_000_000, maximumFeasiblePoints: 1_000_000 };
    const plan = planSearch({ ...base, grid, constraint: tight, limits });
    expect(plan.points).toBe(215 ** 3);
    for (const { macsRatio } of plan.candidates) expect(Math.abs(macsRatio - 2)).toBeLessThanOrEqual(0.002 + 1e-8);
  });

  it('are refused where more networks would have to be costed than accepted, and found with exactly as many', () => {
    const found = (maximumCosted: number) => () => pointsOf({ limits: { maximumCosted } });
    const enough = Array.from({ length: 200 }, (_, count) => count).find((count) => {
      try {
        return found(count)().length > 0;
      } catch {
        return false;
      }
    });
    // 3 choices of channels at up to 9 resolutions; most of them are passed over.
    expect(enough).toBeLessThan(27);
    expect(refusal({ limits: { maximumCosted: (enough ?? 0) - 1 } })).toMatchObject({
      code: 'GRID_TOO_LARGE',
      field: 'grid',
      value: (enough ?? 0) - 1,
      remedy: 'Use larger steps or shorter ranges, or set constraint.measure to formula.',
    });
  });
});

describe('a solved gamma', () => {
  it('is the resolution, of all, whose exact cost is nearest to the target', () => {
    const grid: GridRequest = { alpha: [1, 1.2, 1.5, 2], beta: [1, 1.1, 1.2], gamma: 'solve' };
    for (const measure of ['macs', 'activations', 'memory'] as const) {
      const found = pointsOf({ grid, constraint: constraint({ measure, tolerance: 10 }) });
      expect(found).toHaveLength(12);
      for (const [alpha, beta, gamma] of found) {
        const [side = 0] = base.baseline.input.spatial;
        // The micro baselines round to 2 pixels.
        const distance = (pixels: number): number => Math.abs(ratioAt([alpha, beta, pixels / side], measure) - 2);
        const best = Math.min(...Array.from({ length: 60 }, (_, index) => distance(side + 2 * index)));
        expect(Math.abs(ratioAt([alpha, beta, gamma], measure) - 2)).toBe(best);
        expect(gamma).toBe(Number(gamma.toFixed(4)));
      }
    }
  });

  it('falls away where even the baseline resolution costs too much, and where no resolution meets the tolerance', () => {
    const grid: GridRequest = { alpha: [1, 3], beta: [1, 1.2], gamma: 'solve' };
    const found = pointsOf({ grid, constraint: constraint({ tolerance: 0.2 }) });
    expect(found.length).toBeGreaterThan(0);
    expect(found.every(([alpha]) => alpha === 1)).toBe(true);
    const lowered = pointsOf({ grid: { ...grid, minimum: 0.3 }, constraint: constraint({ tolerance: 0.2 }) });
    expect(lowered.some(([alpha, , gamma]) => alpha === 3 && gamma < 1)).toBe(true);
  });
});

describe('a tuned resolution', () => {
  const tuned = (changes: Partial<Constraint> = {}) => constraint({ tuneResolution: true, ...changes });

  it('lies within half a step of a gamma of the grid, and no other there is nearer to the target', () => {
    const grid: GridRequest = { ...base.grid, gamma: { from: 1, to: 1.6, step: 0.1 } };
    const [side = 0] = base.baseline.input.spatial;
    const found = pointsOf({ grid, constraint: tuned({ tolerance: 0.3 }) });
    expect(found.length).toBeGreaterThan(0);
    for (const [alpha, beta, gamma] of found) {
      const reachable = [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6]
        .filter((own) => Math.abs(own - gamma) <= 0.05 + 1e-4)
        .map((own) =>
          Array.from({ length: 60 }, (_, index) => (side + 2 * index) / side)
            .filter((ratio) => Math.abs(ratio - own) <= 0.05 + 1e-9 && ratio >= 1)
            .concat(own),
        );
      const nearest = reachable.map((gammas) =>
        Math.min(...gammas.map((one) => Math.abs(ratioAt([alpha, beta, one], 'macs') - 2))),
      );
      expect(nearest).toContain(Math.abs(ratioAt([alpha, beta, gamma], 'macs') - 2));
    }
  });

  it('brings networks nearer to equal cost than the grid itself', () => {
    const spread = (changes: Partial<PlanRequest>): number => {
      const ratios = planSearch({ ...base, ...changes }).candidates.map(({ macsRatio }) => macsRatio);
      return Math.max(...ratios) / Math.min(...ratios);
    };
    const grid: GridRequest = { alpha: [1, 1.2, 1.5], beta: [1, 1.1], gamma: { from: 1, to: 1.6, step: 0.2 } };
    const wide = { tolerance: 0.4 };
    expect(spread({ grid, constraint: tuned(wide) })).toBeLessThan(spread({ grid, constraint: constraint(wide) }));
  });

  it('that two gammas are moved to is one point', () => {
    // The target's resolution lies halfway between the two, so both are moved there.
    const [side = 0] = base.baseline.input.spatial;
    const middle = (side + 4) / side;
    const grid: GridRequest = { alpha: [1], beta: [1], gamma: [middle - 0.1, middle + 0.1] };
    const target = ratioAt([1, 1, middle], 'macs');
    const found = pointsOf({ grid, constraint: tuned({ target, tolerance: 0.001 }) });
    expect(found).toEqual([[1, 1, Number(middle.toFixed(4))]]);
  });
});
