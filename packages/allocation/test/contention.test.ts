import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { chooseContender, type Contender, type Contention, largestError, remainingError } from '../src/contention.ts';

function contender(fields: Partial<Contender>): Contender {
  return { gap: 0, variance: 1e-4, remainder: 1, cost: 1, trainings: 2, open: true, ...fields };
}

function contention(leader: Partial<Contender>, ...rivals: readonly Partial<Contender>[]): Contention {
  return { leader: contender(leader), rivals: rivals.map(contender), indifference: 0.002, error: 0.05 };
}

describe('who gets the next training', () => {
  it('is the rival that is most likely to be better, as long as the leader has enough', () => {
    const race = contention({ trainings: 9 }, { gap: 0.02 }, { gap: 0.005 }, { gap: 0.01 });
    expect(chooseContender(race)).toBe(race.rivals[1]);
  });

  it('is the leader where it has no more trainings than its only rival', () => {
    const race = contention({ trainings: 2 }, { gap: 0.005, trainings: 3 });
    expect(chooseContender(race)).toBe(race.leader);
  });

  it('has the squared trainings of the leader follow those of equal rivals, by cost (Chen et al. 2000)', () => {
    const race = contention({ cost: 2 }, { gap: 0.004 }, { gap: 0.004 }, { gap: 0.004 });
    for (let step = 0; step < 400; step++) {
      const chosen = chooseContender(race);
      if (chosen !== null) chosen.trainings += 1;
    }
    const squares = race.rivals.reduce((sum, { trainings }) => sum + trainings ** 2, 0);
    expect((2 * race.leader.trainings ** 2) / squares).toBeCloseTo(1, 1);
  });

  it('is nobody once no rival matters, or none may get more', () => {
    expect(chooseContender(contention({}, { gap: 0.2 }, { gap: 0.3 }))).toBeNull();
    expect(chooseContender(contention({ open: false }, { open: false }))).toBeNull();
    expect(chooseContender(contention({}))).toBeNull();
  });

  it('is always someone who may get more', () => {
    const someone = fc.record({
      gap: fc.double({ min: 0, max: 0.02, noNaN: true }),
      trainings: fc.integer({ min: 1, max: 20 }),
      open: fc.boolean(),
      cost: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(someone, fc.array(someone, { maxLength: 6 }), (leader, rivals) => {
        expect(chooseContender(contention({ ...leader, gap: 0 }, ...rivals))?.open ?? true).toBe(true);
      }),
    );
  });
});

describe('the error that remains', () => {
  it('is that of each rival alone, added up', () => {
    // Deviation 0.01 * sqrt(1/2 + 1/2) = 0.01: (0.008 + 0.002) / 0.01 is one standard deviation, beyond which lie 15.87 %.
    const race = contention({}, { gap: 0.008 }, { gap: 0.008 });
    expect(largestError(race)).toBeCloseTo(0.158655254, 8);
    expect(remainingError(race)).toBeCloseTo(2 * 0.158655254, 8);
  });

  it('is none without any spread', () => {
    expect(remainingError(contention({ variance: 0 }, { gap: 0, variance: 0 }))).toBe(0);
  });
});
