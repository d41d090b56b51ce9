import type { CandidateResults, SearchResults } from '@compound-search/store';
import { afterAll, describe, expect, it } from 'vitest';

import { rankResults } from '../../src/answer/rank-results.ts';
import { createRankingThreads } from '../../src/answer/ranking-threads.ts';

const threads = createRankingThreads();
afterAll(threads.close);

/** A made-up search: candidates of three seeds each, one of which was lost for every fifth of them. */
function searchOf(count: number): SearchResults {
  const candidates = Array.from({ length: count }, (_, index): CandidateResults => {
    const seeds = index % 5 === 0 ? [1, 2] : [1, 2, 3];
    const accuracies = seeds.map((seed) => 0.9 + ((index * 7919 + seed * 104729) % 1000) / 20_000);
    const trials = { queued: 0, running: 0, completed: seeds.length, failed: 0, cancelled: 0, paused: 0 };
    const name = `network-${index}`;
    return {
      candidateId: name,
      fingerprint: name,
      macs: 1000 + index,
      trials,
      failedInTraining: 0,
      seeds,
      accuracies,
      losses: null,
    };
  });
  return {
    ...{ searchId: 'one', state: 'running', revision: 1, winnerCandidateId: null },
    ...{ takenOverTrials: 0, importedTrials: 0, engines: [], objective: { kind: 'accuracy' }, indifference: 0.002 },
    baseline: { macs: 500, parameters: 10, activations: 10, resolution: [20, 20] },
    resultsVersion: 'first',
    candidates,
  };
}

describe('createRankingThreads', () => {
  it('ranks a few candidates at once', () => {
    expect(threads.rank(searchOf(7))).toEqual(rankResults(searchOf(7)));
  });

  it('ranks many elsewhere, to the same bits', async () => {
    const ranking = threads.rank(searchOf(120));
    expect(ranking).toBeInstanceOf(Promise);
    expect(await ranking).toEqual(rankResults(searchOf(120)));
  });

  it('ranks searches that are asked for at the same time', async () => {
    const sizes = [60, 90, 120, 150];
    const rankings = await Promise.all(sizes.map(async (size) => threads.rank(searchOf(size))));
    expect(rankings).toEqual(sizes.map((size) => rankResults(searchOf(size))));
  });

  it('tells of a ranking that cannot be made, and makes the next', async () => {
    const [first, ...others] = searchOf(60).candidates;
    if (first === undefined) throw new Error('There are candidates');
    const broken = { ...searchOf(60), candidates: [{ ...first, accuracies: null as never }, ...others] };
    await expect(threads.rank(broken)).rejects.toThrow();
    expect(await threads.rank(searchOf(60))).toEqual(rankResults(searchOf(60)));
  });
});
