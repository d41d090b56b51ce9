import type { GridRequest } from '@compound-search/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { expandAxis, refineGrid } from '../src/index.ts';

describe('a finer grid', () => {
  it('has half steps around the points on every axis', () => {
    const grid: GridRequest = {
      alpha: { from: 1, to: 1.4, step: 0.1 },
      beta: [1, 1.1, 1.3],
      gamma: { from: 1, to: 1.3, step: 0.15 },
    };
    expect(refineGrid(grid, [{ alpha: 1.2, beta: 1.1, gamma: 1.15 }])).toEqual({
      alpha: [1.15, 1.2, 1.25],
      // 0.1 below and 0.2 above.
      beta: [1.05, 1.1, 1.2],
      gamma: [1.075, 1.15, 1.225],
      minimum: 1,
    });
  });

  it('reaches beyond an end of an axis by half the step inwards, but not below the minimum', () => {
    const grid: GridRequest = { alpha: [1, 1.2], beta: [1, 1.2], gamma: [1] };
    expect(refineGrid(grid, [{ alpha: 1, beta: 1.2, gamma: 1 }])).toEqual({
      alpha: [1, 1.1],
      beta: [1.1, 1.2, 1.3],
      gamma: [1],
      minimum: 1,
    });
    expect(refineGrid({ ...grid, minimum: 0.8 }, [{ alpha: 1, beta: 1, gamma: 1 }]).alpha).toEqual([0.9, 1, 1.1]);
  });

  it('leaves a solved axis to be solved', () => {
    const grid: GridRequest = { alpha: 'solve', beta: [1, 1.1], gamma: [1, 1.1] };
    expect(refineGrid(grid, [{ alpha: 1.6529, beta: 1.1, gamma: 1 }]).alpha).toBe('solve');
  });

  it('goes half a step of the nearest gamma from one that was tuned', () => {
    const grid: GridRequest = { alpha: [1], beta: [1], gamma: [1, 1.1, 1.2] };
    expect(refineGrid(grid, [{ alpha: 1, beta: 1, gamma: 1.08 }]).gamma).toEqual([1.03, 1.08, 1.13]);
  });

  it('has all the points that it is laid around, whatever the grid', () => {
    const axis = fc.uniqueArray(
      fc.integer({ min: 100, max: 300 }).map((hundredths) => hundredths / 100),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(fc.record({ alpha: axis, beta: axis, gamma: axis }), fc.nat(), (grid, seed) => {
        const pick = (values: number[]): number => values[seed % values.length] ?? 1;
        const point = { alpha: pick(grid.alpha), beta: pick(grid.beta), gamma: pick(grid.gamma) };
        const finer = refineGrid(grid, [point]);
        for (const name of ['alpha', 'beta', 'gamma'] as const) {
          const values = finer[name];
          if (values === 'solve') throw new Error('No axis was to be solved.');
          // It is a grid that would be accepted.
          expect(expandAxis(name, values)).toContain(point[name]);
        }
      }),
    );
  });
});
