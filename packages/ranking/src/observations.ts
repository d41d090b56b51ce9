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

/**
 * Seeds that the same candidates have. The differences between their effects say nothing of candidates, so that only one
 * effect of each block takes part in what is said of these: the sum of the effects of its seeds over the root of their
 * number, which spreads as each of them does.
 */
export interface Block {
  readonly seeds: number;
  /** That have these seeds. */
  readonly candidates: number;
  /** Sum of the accuracies of all trainings in the block. */
  readonly sum: number;
  /** Sum over its seeds of the squared sum of their accuracies. */
  readonly squaredSums: number;
}

/** Which seeds a candidate has. */
export interface Pattern {
  /** Numbers of blocks, each of which it has as a whole. */
  readonly blocks: readonly number[];
  readonly trials: number;
}

/** What is observed of one candidate. */
export interface ObservedCandidate {
  /** Of its accuracies, less the mean over all trainings of all candidates. */
  readonly sum: number;
  /** Candidates of the same pattern are affected alike by what seeds do to all. */
  readonly pattern: number;
}

/** The completed trainings of all candidates. */
export interface Observations {
  readonly candidates: readonly ObservedCandidate[];
  readonly patterns: readonly Pattern[];
  readonly blocks: readonly Block[];
  /** Of all trainings, less their mean. */
  readonly squares: number;
  readonly trials: number;
  /** Of all accuracies; it was taken off them. */
  readonly level: number;
}

/** What is observed of one seed. */
interface Seed {
  /** Places of the candidates that have it. */
  readonly candidates: number[];
  sum: number;
}

type Measured = Pick<MeasuredCandidate, 'seeds' | 'accuracies'>;

function collectSeeds(measured: readonly Measured[], level: number): ReadonlyMap<number, Seed> {
  const bySeed = new Map<number, Seed>();
  for (const [place, { seeds, accuracies }] of measured.entries()) {
    for (const [index, number] of seeds.entries()) {
      const seed = bySeed.get(number) ?? { candidates: [], sum: 0 };
      bySeed.set(number, seed);
      seed.candidates.push(place);
      seed.sum += (accuracies[index] ?? 0) - level;
    }
  }
  return bySeed;
}

interface Blocks {
  readonly blocks: readonly Block[];
  /** The block of each seed. */
  readonly blockOf: ReadonlyMap<number, number>;
}

function formBlocks(bySeed: ReadonlyMap<number, Seed>): Blocks {
  const numbers = new Map<string, number>();
  const blocks: Block[] = [];
  const blockOf = new Map<number, number>();
  for (const [number, { candidates, sum }] of bySeed) {
    const index = numberOf(numbers, candidates.join());
    const block = blocks[index] ?? { seeds: 0, candidates: candidates.length, sum: 0, squaredSums: 0 };
    blocks[index] = {
      ...block,
      seeds: block.seeds + 1,
      sum: block.sum + sum,
      squaredSums: block.squaredSums + sum ** 2,
    };
    blockOf.set(number, index);
  }
  return { blocks, blockOf };
}

/** Numbers blocks and patterns in the order in which they first occur. */
export function observe(measured: readonly Measured[]): Observations {
  const all = measured.flatMap(({ accuracies }) => accuracies);
  const level = all.reduce((sum, value) => sum + value, 0) / Math.max(1, all.length);
  const { blocks, blockOf } = formBlocks(collectSeeds(measured, level));
  const patternNumbers = new Map<string, number>();
  const patterns: Pattern[] = [];
  let squares = 0;
  const candidates = measured.map(({ seeds, accuracies }): ObservedCandidate => {
    const own = [...new Set(seeds.map((seed) => blockOf.get(seed) ?? 0))].sort((one, other) => one - other);
    const pattern = numberOf(patternNumbers, own.join());
    patterns[pattern] ??= { blocks: own, trials: seeds.length };
    let sum = 0;
    for (const accuracy of accuracies) {
      sum += accuracy - level;
      squares += (accuracy - level) ** 2;
    }
    return { sum, pattern };
  });
  return { candidates, patterns, blocks, squares, trials: all.length, level };
}

function numberOf<Key>(numbers: Map<Key, number>, key: Key): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
