/** A candidate as far as its assessment needs it: what its completed trainings have shown. */
export interface MeasuredCandidate {
  /** Unique among the candidates. */
  readonly fingerprint: string;
  /** Multiply-adds: of equally good candidates the cheaper one comes first. */
  readonly macs: number;
  /** Of the completed trainings, each once, in any order: candidates of the same seed are compared in pairs. */
  readonly seeds: readonly number[];
  /** Of the same trainings in the same order, fractions from 0 to 1. One that is not finite counts as a failed training. */
  readonly accuracies: readonly number[];
  /** Whether a training of it diverged or learned nothing: it then comes after all others and cannot be the best. */
  readonly failedTraining: boolean;
}

/** The accuracies of one candidate, with the seeds numbered from 0. */
export interface ObservedCandidate {
  readonly seeds: readonly number[];
  /** Less the mean over all trainings of all candidates. */
  readonly accuracies: readonly number[];
  /** Of these accuracies. */
  readonly sum: number;
  /** Which set of seeds it has: candidates of the same pattern are affected alike by what a seed does to all. */
  readonly pattern: number;
}

/** The completed trainings of all candidates. */
export interface Observations {
  readonly candidates: readonly ObservedCandidate[];
  /** The sets of seeds that candidates have. */
  readonly patterns: readonly (readonly number[])[];
  readonly seeds: number;
  readonly trials: number;
  /** Of all accuracies; it was taken off them. */
  readonly level: number;
}

/** Numbers seeds and patterns in the order in which they first occur. */
export function observe(measured: readonly Pick<MeasuredCandidate, 'seeds' | 'accuracies'>[]): Observations {
  const all = measured.flatMap(({ accuracies }) => accuracies);
  const level = all.reduce((sum, value) => sum + value, 0) / Math.max(1, all.length);
  const seedNumbers = new Map<number, number>();
  const patternNumbers = new Map<string, number>();
  const patterns: (readonly number[])[] = [];
  const candidates = measured.map(({ seeds, accuracies }): ObservedCandidate => {
    const numbers = seeds.map((seed) => numberOf(seedNumbers, seed));
    const pattern = numberOf(patternNumbers, seeds.toSorted((one, other) => one - other).join());
    patterns[pattern] ??= numbers;
    const centred = accuracies.map((accuracy) => accuracy - level);
    return { seeds: numbers, accuracies: centred, sum: centred.reduce((sum, value) => sum + value, 0), pattern };
  });
  return { candidates, patterns, seeds: seedNumbers.size, trials: all.length, level };
}

function numberOf<Key>(numbers: Map<Key, number>, key: Key): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
