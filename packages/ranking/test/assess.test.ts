import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { assess, type MeasuredCandidate } from '../src/index.ts';

function measured(fingerprint: string, accuracies: readonly number[], more: Partial<MeasuredCandidate> = {}) {
  const seeds = accuracies.map((_, index) => index + 1);
  return { fingerprint, macs: 1000, seeds, accuracies, failedTraining: false, ...more };
}

const accuracy = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.5, 1, Number.NaN, Infinity));

/** Candidates with up to four seeds each, some without any, some failed, with equal and impossible accuracies. */
const candidates: fc.Arbitrary<MeasuredCandidate[]> = fc
  .array(
    fc.record({
      accuracies: fc.array(accuracy, { maxLength: 4 }),
      macs: fc.integer({ min: 1, max: 2 }),
      failedTraining: fc.boolean(),
    }),
    { maxLength: 8 },
  )
  .map((rows) => rows.map(({ accuracies, ...more }, index) => measured(`n${index}`, accuracies, more)));

describe('an assessment', () => {
  it('has defined numbers in any condition of a search: unknown ones are null, never NaN or infinite', () => {
    fc.assert(
      fc.property(candidates, (search) => {
        const assessment = assess(search);
        expect(JSON.parse(JSON.stringify(assessment))).toEqual(assessment);
        const known = assessment.candidates.flatMap(({ probabilityBest }) => probabilityBest ?? []);
        if (known.length > 0) expect(known.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
        for (const { trueMean, behindLeader } of assessment.candidates) {
          for (const estimation of [trueMean, behindLeader]) {
            if (estimation !== null) expect(estimation.interval[0]).toBeLessThanOrEqual(estimation.interval[1]);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order of the candidates, to the bit', () => {
    fc.assert(
      fc.property(candidates, (search) => {
        expect(assess(search.toReversed())).toEqual(assess(search));
      }),
    );
  });

  it('knows nothing of one training each but the means', () => {
    const assessment = assess([measured('a', [0.9]), measured('b', [0.1])]);
    expect(assessment.leader).toEqual({ fingerprint: 'a', probabilityCorrect: null, probabilityIndifferent: null });
    expect(assessment.residual).toBeNull();
    const unknown = { trueMean: null, behindLeader: null, probabilityBest: null, tied: true, seeds: 1 };
    expect(assessment.candidates).toEqual([
      { fingerprint: 'a', mean: 0.9, ...unknown },
      { fingerprint: 'b', mean: 0.1, ...unknown },
    ]);
  });

  it('is certain of a single candidate, and of nobody without a completed training', () => {
    const { leader, candidates: rows } = assess([measured('a', [0.9])]);
    expect(leader).toEqual({ fingerprint: 'a', probabilityCorrect: 1, probabilityIndifferent: 1 });
    expect(rows[0]?.tied).toBe(false);
    const none = { candidates: [], leader: null, residual: null, indifference: 0.002 };
    expect(assess([])).toEqual(none);
    expect(assess([measured('a', [Number.NaN]), measured('b', [], { failedTraining: true })])).toEqual(none);
  });

  it('shares certainty among equal candidates where no seed makes a difference', () => {
    const rows = assess([measured('a', [0.5, 0.5]), measured('b', [0.5, 0.5]), measured('c', [0.4, 0.4])]).candidates;
    expect(rows.map(({ probabilityBest }) => probabilityBest)).toEqual([1 / 2, 1 / 2, 0]);
    expect(rows.map(({ tied }) => tied)).toEqual([true, true, false]);
    expect(rows[2]?.behindLeader?.interval[0]).toBeCloseTo(0.1, 12);
  });

  it('does not let a lucky single seed overtake a candidate that is well measured', () => {
    // One training of b is above the mean of a by a quarter of the spread over seeds: chance explains it.
    const level = [0, 0.004, -0.004, 0.003, -0.003, 0.002, -0.002, 0.001];
    const others = [0.918, 0.916, 0.914, 0.912].map((mean, index) =>
      measured(`o${index}`, [mean + 0.002, mean - 0.002]),
    );
    const { candidates: rows } = assess([
      measured(
        'a',
        level.map((value) => 0.92 + value),
      ),
      measured('b', [0.921]),
      ...others,
    ]);
    expect(rows.slice(0, 2).map(({ fingerprint }) => fingerprint)).toEqual(['a', 'b']);
  });

  it('puts a candidate of which a training failed behind all others, with no chance of being the best', () => {
    const { candidates: rows } = assess([
      measured('failed', [0.99, 0.98], { failedTraining: true }),
      measured('a', [0.9, 0.91]),
      measured('b', [0.89, 0.93]),
    ]);
    expect(rows.at(-1)).toMatchObject({ fingerprint: 'failed', probabilityBest: 0, tied: false });
  });
});
