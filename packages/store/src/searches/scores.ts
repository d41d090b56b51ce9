import { LRUCache } from 'lru-cache';

import type { CandidateResults } from './search-store.ts';

/** The accuracies of a candidate's completed trials, and their losses where candidates are ranked by them. */
export type Scores = Pick<CandidateResults, 'seeds' | 'accuracies' | 'losses'>;

/** Those of all candidates of a search, in the order of the plan, and the version of the results that they are of. */
interface KnownScores {
  readonly version: string;
  readonly scores: readonly Scores[];
}

/** The accuracies that were read last, by search. Whoever reads them asks for others where the version is another. */
export type ScoresCache = LRUCache<string, KnownScores>;

/** A few megabytes, and some twenty of the largest searches that are usual. */
const MOST_CACHED_ACCURACIES = 500_000;

export function createScoresCache(): ScoresCache {
  return new LRUCache({
    maxSize: MOST_CACHED_ACCURACIES,
    sizeCalculation: ({ scores }) => scores.reduce((sum, { accuracies }) => sum + accuracies.length, scores.length + 1),
  });
}

/**
 * Reads accuracies by seed as the triggers write them, of each candidate, and losses where there are; whole numbers as keys
 * come in ascending order. Tens of thousands at a time: a schema would take longer than all the ranking. Candidates that have
 * the seeds of the one before share its list.
 */
export function toScores(documents: readonly unknown[], lost: readonly unknown[] | null): Scores[] {
  let seeds: readonly number[] = [];
  return documents.map((document, index) => {
    const scored = toRecord(document);
    const accuracies = Object.values(scored).map(toNumber);
    const losses = lost === null ? null : Object.values(toRecord(lost[index])).map(toNumber);
    if (losses !== null && losses.length !== accuracies.length) throw new Error('A completed trial has no loss');
    if (!hasSeeds(scored, accuracies.length, seeds)) seeds = Object.keys(scored).map(Number);
    return { seeds, accuracies, losses };
  });
}

function toRecord(document: unknown): Readonly<Record<number, unknown>> {
  return typeof document === 'object' && document !== null ? (document as Readonly<Record<number, unknown>>) : {};
}

function toNumber(value: unknown): number {
  if (typeof value !== 'number') throw new Error(`The result ${String(value)} is no number`);
  return value;
}

function hasSeeds(scored: Readonly<Record<number, unknown>>, count: number, seeds: readonly number[]): boolean {
  return seeds.length === count && seeds.every((seed) => Object.hasOwn(scored, seed));
}
