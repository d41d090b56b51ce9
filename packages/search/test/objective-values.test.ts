import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { factorOf, objectiveFactors, objectiveValues } from '../src/objective-values.ts';

const candidates = [
  { fingerprint: 'small', macs: 100 },
  { fingerprint: 'large', macs: 400 },
];

describe('objectiveValues', () => {
  const training = { fingerprint: 'large', validationAccuracy: 0.9, validationLoss: 0.3 };

  it('are the accuracy, the accuracy against the cost, or the loss of which less is better', () => {
    expect(objectiveValues({ kind: 'accuracy' }, candidates)(training)).toBe(0.9);
    // (400 / 200)^-0.5 of the accuracy.
    expect(objectiveValues({ kind: 'reward', exponent: -0.5 }, candidates)(training)).toBeCloseTo(0.9 * Math.SQRT1_2);
    expect(objectiveValues({ kind: 'loss' }, candidates)(training)).toBe(-0.3);
  });

  it('need the loss where that is what is ranked by', () => {
    const unknown = { ...training, validationLoss: null };
    expect(objectiveValues({ kind: 'accuracy' }, candidates)(unknown)).toBe(0.9);
    expect(() => objectiveValues({ kind: 'loss' }, candidates)(unknown)).toThrow('has none');
  });
});

describe('objectiveFactors', () => {
  it('leave accuracies as they are where these are the objective', () => {
    expect([...objectiveFactors({ kind: 'accuracy' }, candidates).values()]).toEqual([1, 1]);
    expect([...objectiveFactors({ kind: 'loss' }, candidates).values()]).toEqual([1, 1]);
    expect(objectiveFactors({ kind: 'reward', exponent: -0.07 }, []).size).toBe(0);
  });

  it('weigh a reward against the geometric mean of the costs', () => {
    const factors = objectiveFactors({ kind: 'reward', exponent: -0.5 }, candidates);
    // The geometric mean of 100 and 400 is 200: (1/2)^-0.5 and 2^-0.5.
    expect(factorOf(factors, 'small')).toBeCloseTo(Math.SQRT2, 12);
    expect(factorOf(factors, 'large')).toBeCloseTo(Math.SQRT1_2, 12);
    expect(() => factorOf(factors, 'other')).toThrow('is no candidate');
  });

  it('order candidates as the reward does for any target', () => {
    const cost = fc.integer({ min: 1, max: 1e9 });
    const accuracy = fc.double({ min: 0.1, max: 1, noNaN: true });
    fc.assert(
      fc.property(cost, cost, accuracy, accuracy, (macs, otherMacs, one, other) => {
        const factors = objectiveFactors({ kind: 'reward', exponent: -0.07 }, [
          { fingerprint: 'a', macs },
          { fingerprint: 'b', macs: otherMacs },
        ]);
        const ratio = (one * factorOf(factors, 'a')) / (other * factorOf(factors, 'b'));
        expect(ratio).toBeCloseTo((one / other) * (macs / otherMacs) ** -0.07, 9);
      }),
    );
  });
});
