import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { paretoFront, type Tradeoff } from '../src/index.ts';

describe('paretoFront', () => {
  it('has what is better than all that is cheaper', () => {
    const points = [
      { value: 0.9, cost: 3 },
      { value: 0.8, cost: 1 },
      { value: 0.8, cost: 2 },
      { value: 0.85, cost: 2 },
      { value: 0.9, cost: 4 },
    ];
    expect(paretoFront(points)).toEqual([true, true, false, true, false]);
  });

  it('has all equals, or none of them', () => {
    const equal = { value: 0.5, cost: 1 };
    expect(paretoFront([equal, equal])).toEqual([true, true]);
    expect(paretoFront([equal, equal, { value: 0.6, cost: 1 }])).toEqual([false, false, true]);
    expect(paretoFront([])).toEqual([]);
  });

  it('is what its definition says, point against point', () => {
    const point = fc.record({ value: fc.integer({ min: 0, max: 5 }), cost: fc.integer({ min: 0, max: 5 }) });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 12 }), (points) => {
        const isDominated = (one: Tradeoff): boolean =>
          points.some(
            (other) =>
              other.value >= one.value && other.cost <= one.cost && (other.value > one.value || other.cost < one.cost),
          );
        expect(paretoFront(points)).toEqual(points.map((one) => !isDominated(one)));
      }),
    );
  });
});
