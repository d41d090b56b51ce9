import fc from 'fast-check';

import {
  rankCandidates,
  type RankedCandidate,
  type RankingCandidate,
  type RankingRequest,
  type RankingTrial,
} from '../src/index.ts';

export function candidate(fingerprint: string, macs = 1000): RankingCandidate {
  return { fingerprint, macs };
}

export function rankedRows(request: RankingRequest): readonly RankedCandidate[] {
  return rankCandidates(request).rows;
}

/** Completed trials of one candidate: one for each accuracy, with seeds from `firstSeed` on. */
export function completed(fingerprint: string, accuracies: readonly number[], firstSeed = 1): RankingTrial[] {
  return accuracies.map((validationAccuracy, index) => ({
    fingerprint,
    seed: firstSeed + index,
    state: 'completed',
    failedBy: null,
    validationAccuracy,
  }));
}

/** A trial that ended without a result: `failedBy` null where it was cancelled. */
export function ended(fingerprint: string, seed: number, failedBy: RankingTrial['failedBy']): RankingTrial {
  return { fingerprint, seed, state: failedBy === null ? 'cancelled' : 'failed', failedBy, validationAccuracy: null };
}

const state = fc.constantFrom('queued', 'running', 'completed', 'failed', 'cancelled');
const blame = fc.constantFrom('training', 'infrastructure');
const accuracy = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.5, 1, Number.NaN));

/** Searches in any condition: open, failed, half done, with equal and impossible accuracies. */
export const searches: fc.Arbitrary<RankingRequest> = fc
  .record({
    macs: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 12 }),
    seeds: fc.integer({ min: 1, max: 4 }),
  })
  .chain(({ macs, seeds }) => {
    const candidates = macs.map((cost, index) => candidate(`network-${index}`, cost));
    const places = candidates.flatMap(({ fingerprint }) =>
      Array.from({ length: seeds }, (_, index) => ({ fingerprint, seed: index })),
    );
    return fc
      .tuple(...places.map((place) => fc.record({ ...constants(place), state, blame, validationAccuracy: accuracy })))
      .map((trials) => ({
        candidates,
        trials: trials.map(({ blame: failedBy, ...trial }) => ({
          ...trial,
          failedBy: trial.state === 'failed' ? failedBy : null,
          validationAccuracy: trial.state === 'completed' ? trial.validationAccuracy : null,
        })),
      }));
  });

function constants(place: { fingerprint: string; seed: number }) {
  return { fingerprint: fc.constant(place.fingerprint), seed: fc.constant(place.seed) };
}
