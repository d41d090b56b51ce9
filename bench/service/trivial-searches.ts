import type { SearchRequestInput } from '@compound-search/contracts';

/** Points that make so many distinct networks, all at the price of one another. */
function pointsOf(candidates: number): { alpha: number; beta: number; gamma: number }[] {
  return Array.from({ length: candidates }, (_, index) => ({ alpha: 1, beta: 1 + index * 0.25, gamma: 1 }));
}

/** A search of candidates with so many seeds each, every trial of one epoch. */
export function trivialSearch(name: string, candidates: number, seeds: number): SearchRequestInput {
  return {
    name,
    baseline: 'efficientnet-micro',
    dataset: 'shapes',
    points: pointsOf(candidates),
    strategy: 'full',
    seeds: Array.from({ length: seeds }, (_, index) => index + 1),
    testSeeds: 1,
    split: { trainImages: 320, validationImages: 100 },
    recipe: { epochs: 1 },
    // What an earlier part of the benchmark has trained would else be taken over.
    reuse: false,
  };
}
