import { type NumberedSeeds, numberSeeds } from './numbered-seeds.ts';

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
  /** Sum of the precisions of the candidates that have these seeds. */
  readonly precision: number;
  /** Sum of the accuracies of all trainings in the block, each times its precision. */
  readonly sum: number;
  /** Sum over its seeds of the square of such a sum. */
  readonly squaredSums: number;
}

/** Which seeds a candidate has, and how much they say. */
export interface Pattern {
  /** Numbers of blocks, each of which it has as a whole. */
  readonly blocks: readonly number[];
  /** Numbers of the other blocks, of whose seeds it has none. */
  readonly absent: readonly number[];
  /** Of one of its trainings, in units of that of a common one: the inverse of its variance. */
  readonly precision: number;
  /** Number of its trainings times their precision. */
  readonly trials: number;
}

/** What is observed of one candidate. */
export interface ObservedCandidate {
  /** Of its accuracies, less the mean over all trainings of all candidates, times their precision. */
  readonly sum: number;
  /** Candidates of the same pattern are affected alike by what seeds do to all. */
  readonly pattern: number;
}

/** The completed trainings of all candidates. */
export interface Observations {
  readonly candidates: readonly ObservedCandidate[];
  readonly patterns: readonly Pattern[];
  readonly blocks: readonly Block[];
  /** Of all trainings, less their mean, each times its precision. */
  readonly squares: number;
  /** Number of all trainings. */
  readonly trials: number;
  /** Of all accuracies; it was taken off them. */
  readonly level: number;
}

type Measured = Pick<MeasuredCandidate, 'seeds' | 'accuracies'>;

interface DividedSeeds {
  readonly blockOf: Int32Array;
  readonly blocks: number;
}

/**
 * The block of each seed, numbered in the order in which they first occur. Every candidate divides each block into the
 * seeds that it has and the others.
 */
function divideSeeds({ count, ofCandidates }: NumberedSeeds): DividedSeeds {
  const parts = new Int32Array(count);
  /** Of each part the one that its seeds of a candidate go to, and which candidate's those are. */
  const targets = [0];
  const dividedBy = [-1];
  for (const [candidate, numbers] of ofCandidates.entries()) {
    if (numbers === ofCandidates[candidate - 1]) continue;
    for (const number of numbers) {
      const part = parts[number] ?? 0;
      if (dividedBy[part] !== candidate) {
        dividedBy[part] = candidate;
        targets[part] = targets.length;
        targets.push(0);
        dividedBy.push(-1);
      }
      parts[number] = targets[part] ?? 0;
    }
  }
  const numbers = new Map<number, number>();
  return { blockOf: parts.map((part) => numberOf(numbers, part)), blocks: numbers.size };
}

/** Sums of the accuracies, less their level, each times its precision. */
interface Sums {
  readonly ofCandidates: Float64Array;
  readonly ofSeeds: Float64Array;
  readonly squares: number;
}

function sumUp(
  measured: readonly Measured[],
  precisions: readonly number[],
  { count, ofCandidates }: NumberedSeeds,
  level: number,
): Sums {
  const sums = { ofCandidates: new Float64Array(measured.length), ofSeeds: new Float64Array(count) };
  let squares = 0;
  for (const [candidate, { accuracies }] of measured.entries()) {
    const numbers = ofCandidates[candidate] ?? new Int32Array(0);
    const precision = precisions[candidate] ?? 1;
    let sum = 0;
    for (let index = 0; index < accuracies.length; index++) {
      const seed = numbers[index] ?? 0;
      const value = (accuracies[index] ?? 0) - level;
      sum += precision * value;
      squares += precision * value ** 2;
      sums.ofSeeds[seed] = (sums.ofSeeds[seed] ?? 0) + precision * value;
    }
    sums.ofCandidates[candidate] = sum;
  }
  return { ...sums, squares };
}

/** Sum of the precisions of the candidates in which each of the seeds occurs. */
function sumPrecisions(precisions: readonly number[], { count, ofCandidates }: NumberedSeeds): Float64Array {
  const sums = new Float64Array(count);
  for (const [candidate, numbers] of ofCandidates.entries()) {
    const precision = precisions[candidate] ?? 1;
    for (const number of numbers) sums[number] = (sums[number] ?? 0) + precision;
  }
  return sums;
}

function formBlocks(blockOf: Int32Array, sums: Float64Array, precisions: Float64Array): Block[] {
  const blocks: Block[] = [];
  for (const [seed, index] of blockOf.entries()) {
    const sum = sums[seed] ?? 0;
    const block = blocks[index] ?? { seeds: 0, precision: precisions[seed] ?? 0, sum: 0, squaredSums: 0 };
    blocks[index] = {
      ...block,
      seeds: block.seeds + 1,
      sum: block.sum + sum,
      squaredSums: block.squaredSums + sum ** 2,
    };
  }
  return blocks;
}

interface Patterns {
  readonly patterns: readonly Pattern[];
  /** The pattern of each candidate. */
  readonly patternOf: readonly number[];
}

/** Divides all blocks into those of which the candidate has the seeds and the others. */
function divideBlocks(seeds: Int32Array, { blockOf, blocks }: DividedSeeds): Pick<Pattern, 'blocks' | 'absent'> {
  const has = new Uint8Array(blocks);
  for (const seed of seeds) has[blockOf[seed] ?? 0] = 1;
  const own: number[] = [];
  const absent: number[] = [];
  for (let block = 0; block < blocks; block++) (has[block] === 1 ? own : absent).push(block);
  return { blocks: own, absent };
}

/** Numbers patterns in the order in which they first occur. */
function formPatterns(precisions: readonly number[], { ofCandidates }: NumberedSeeds, divided: DividedSeeds): Patterns {
  const numbers = new Map<string, number>();
  const patterns: Pattern[] = [];
  const patternOf: number[] = [];
  for (const [candidate, seeds] of ofCandidates.entries()) {
    const precision = precisions[candidate] ?? 1;
    if (seeds === ofCandidates[candidate - 1] && precision === precisions[candidate - 1]) {
      patternOf.push(patternOf.at(-1) ?? 0);
      continue;
    }
    const own = divideBlocks(seeds, divided);
    const pattern = numberOf(numbers, `${precision} ${own.blocks.join()}`);
    patterns[pattern] ??= { ...own, precision, trials: precision * seeds.length };
    patternOf.push(pattern);
  }
  return { patterns, patternOf };
}

function levelOf(measured: readonly Measured[], trials: number): number {
  let sum = 0;
  for (const { accuracies } of measured) {
    for (const accuracy of accuracies) sum += accuracy;
  }
  return sum / Math.max(1, trials);
}

/** Each candidate's trainings have one precision. */
export function observe(measured: readonly Measured[], precisions: readonly number[]): Observations {
  const trials = measured.reduce((sum, { accuracies }) => sum + accuracies.length, 0);
  const level = levelOf(measured, trials);
  const numbered = numberSeeds(measured);
  const divided = divideSeeds(numbered);
  const { patterns, patternOf } = formPatterns(precisions, numbered, divided);
  const { ofCandidates, ofSeeds, squares } = sumUp(measured, precisions, numbered, level);
  const candidates = patternOf.map((pattern, index) => ({ pattern, sum: ofCandidates[index] ?? 0 }));
  return {
    candidates,
    patterns,
    blocks: formBlocks(divided.blockOf, ofSeeds, sumPrecisions(precisions, numbered)),
    squares,
    trials,
    level,
  };
}

function numberOf<Key>(numbers: Map<Key, number>, key: Key): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
