import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type AssignedTraining, decideNext, openingDecisions } from '../src/index.ts';
import { cases, countAssignments, hideLatest, reached, request, simulate } from './simulation.ts';

const failed = { state: 'failed', failedBy: 'training' } as const;

/** The same assignments in another order. */
function rotate<Value>(values: readonly Value[], by: number): Value[] {
  const middle = values.length === 0 ? 0 : by % values.length;
  return [...values.slice(middle), ...values.slice(0, middle)].reverse();
}

describe('decisions of any strategy', () => {
  it('end, are numbered, keep to the batch and assign nothing twice', () => {
    fc.assert(
      fc.property(cases(), ({ allocation, train }) => {
        const { decisions, assigned } = simulate(allocation, train);
        const { strategy, seeds, candidates } = allocation;
        expect(decisions.map(({ round }) => round)).toEqual(decisions.map((_, index) => index + 1));
        if (strategy.kind !== 'full') {
          for (const { assignments } of decisions) expect(assignments.length).toBeLessThanOrEqual(strategy.batch);
        }
        const keys = assigned.map(({ fingerprint, seed, epochs }) => `${fingerprint} ${seed} ${epochs}`);
        expect(new Set(keys).size).toBe(keys.length);
        const trainings = new Set(assigned.map(({ fingerprint, seed }) => `${fingerprint} ${seed}`));
        expect(trainings.size).toBeLessThanOrEqual(seeds.length * candidates.length);
        expect(decisions.at(-1)?.assignments).toEqual(strategy.kind === 'full' ? expect.anything() : []);
      }),
    );
  });

  it('do not depend on the order of the assignments, nor on outcomes of the round before', () => {
    fc.assert(
      fc.property(cases(), fc.nat(), ({ allocation, train }, by) => {
        const { decisions, assigned } = simulate(allocation, train);
        const opening = openingDecisions(allocation).length;
        for (const decision of decisions.slice(opening)) {
          const before = assigned.filter(({ round }) => round < decision.round);
          const contrary = before.map((one) =>
            one.round === decision.round - 1 ? { ...one, outcome: by % 2 === 0 ? failed : reached(0.999) } : one,
          );
          for (const shown of [before, contrary, hideLatest(before, decision.round)]) {
            expect(decideNext(allocation, decision.round, rotate(shown, by))).toEqual(decision);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('give every candidate a first training where the budget allows it', () => {
    fc.assert(
      fc.property(cases(), ({ allocation, train }) => {
        const { strategy } = allocation;
        fc.pre(strategy.kind === 'full' || Object.keys(strategy.budget).length === 0);
        expect(Math.min(...countAssignments(allocation, simulate(allocation, train)))).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('never assign more trials or work than the budget has', () => {
    fc.assert(
      fc.property(cases(), ({ allocation, train }) => {
        const { strategy, candidates, trainImages, epochs } = allocation;
        if (strategy.kind === 'full') return;
        const { assigned } = simulate(allocation, train);
        const furthest = new Map<string, AssignedTraining>();
        for (const one of assigned) furthest.set(`${one.fingerprint} ${one.seed}`, one);
        const work = Array.from(furthest.values(), ({ fingerprint, epochs: reachedEpochs }) => {
          const candidate = candidates.find((one) => one.fingerprint === fingerprint);
          return (candidate?.macs ?? 0) * trainImages * (reachedEpochs ?? epochs);
        }).reduce((sum, value) => sum + value, 0);
        expect(furthest.size).toBeLessThanOrEqual(strategy.budget.trials ?? Infinity);
        expect(work).toBeLessThanOrEqual(strategy.budget.macsTimesImages ?? Infinity);
      }),
    );
  });

  it('drop a candidate once whose training has failed, and give it nothing more afterwards', () => {
    fc.assert(
      fc.property(cases(), ({ allocation, train }) => {
        const { decisions, assigned } = simulate(allocation, train);
        for (const decision of decisions) {
          for (const { fingerprint } of decision.drops) {
            const later = assigned.filter((one) => one.fingerprint === fingerprint && one.round >= decision.round);
            expect(later).toEqual([]);
          }
        }
        const drops = decisions.flatMap(({ drops: ofRound }) => ofRound.map(({ fingerprint }) => fingerprint));
        expect(new Set(drops).size).toBe(drops.length);
      }),
    );
  });
});

describe('the virtual clock', () => {
  const allocation = request({ kind: 'racing', batch: 1 }, [1, 1, 1, 1, 1, 1], 4);
  const opening = openingDecisions(allocation).flatMap(({ round, assignments }) =>
    assignments.map((one): AssignedTraining => ({ ...one, round, outcome: reached(0.9) })),
  );

  it('needs the outcomes of all rounds but the one before', () => {
    const [first, ...others] = opening;
    if (first === undefined) throw new Error('Nothing was assigned.');
    const open = [{ ...first, outcome: { state: 'open' } as const }, ...others];
    expect(() => decideNext(allocation, opening.length + 1, open)).toThrow('needs the outcome of a with seed 1');
  });

  it('refuses to decide a round of the opening, and from assignments of rounds to come', () => {
    expect(() => decideNext(allocation, opening.length, opening)).toThrow(RangeError);
    const [first] = opening;
    if (first === undefined) throw new Error('Nothing was assigned.');
    const late = { ...first, seed: 2, round: opening.length + 1 };
    expect(() => decideNext(allocation, opening.length + 1, [...opening, late])).toThrow(RangeError);
  });

  it('refuses candidates and seeds that the search does not have, and a training that was assigned twice', () => {
    const [first] = opening;
    if (first === undefined) throw new Error('Nothing was assigned.');
    for (const wrong of [
      { ...first, fingerprint: 'z' },
      { ...first, seed: 9 },
      { ...first, round: 2 },
    ]) {
      expect(() => decideNext(allocation, opening.length + 1, [...opening, wrong])).toThrow(RangeError);
    }
  });
});
