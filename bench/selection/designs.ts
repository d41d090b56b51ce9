import { assess, type MeasuredCandidate } from '@compound-search/ranking';

import { contestant, measuredBy, playSearch } from './play.ts';
import type { SimulatedSearch } from './surfaces.ts';

/** A way to spend trainings on the candidates of a search. */
export interface Design {
  readonly name: string;
  readonly train: (search: SimulatedSearch) => MeasuredCandidate[];
}

function trainAll(search: SimulatedSearch, seeds: number): MeasuredCandidate[] {
  const numbers = Array.from({ length: seeds }, (_, seed) => seed + 1);
  return search.candidates.map(({ fingerprint, macs }, index) => ({
    fingerprint,
    macs,
    seeds: numbers,
    accuracies: numbers.map((seed) => search.train(index, seed)),
    failedTraining: false,
  }));
}

const rounds = 12;
const perRound = 3;

/**
 * One seed for all, a second one for the better quarter, and then twelve times one more for each of the three that are
 * most probably the best: what is stated must hold for data that were gathered by looking at them.
 */
function trainAdaptively(search: SimulatedSearch): MeasuredCandidate[] {
  let measured = trainAll(search, 1);
  const trainOnce = (fingerprints: ReadonlySet<string>): void => {
    measured = measured.map((candidate, index) => {
      if (!fingerprints.has(candidate.fingerprint)) return candidate;
      const seed = candidate.seeds.length + 1;
      const accuracies = [...candidate.accuracies, search.train(index, seed)];
      return { ...candidate, seeds: [...candidate.seeds, seed], accuracies };
    });
  };
  const second = Math.max(2, Math.ceil(measured.length / 4));
  trainOnce(
    new Set(
      assess(measured)
        .candidates.slice(0, second)
        .map(({ fingerprint }) => fingerprint),
    ),
  );
  for (let round = 0; round < rounds; round++) {
    const ordered = assess(measured).candidates.toSorted(
      (one, other) => (other.probabilityBest ?? 0) - (one.probabilityBest ?? 0),
    );
    trainOnce(new Set(ordered.slice(0, perRound).map(({ fingerprint }) => fingerprint)));
  }
  return measured;
}

/** The list of seeds that docs/strategies.md advises for racing. */
const racing = contestant('racing', 32, { kind: 'racing' });

export const designs: readonly Design[] = [
  ...[2, 3, 5].map((seeds): Design => ({ name: `${seeds} seeds`, train: (search) => trainAll(search, seeds) })),
  { name: 'adaptive', train: trainAdaptively },
  { name: 'racing', train: (search) => measuredBy(search, playSearch(search, racing)) },
];
