import type { CandidateResults, SearchResults } from '@compound-search/store';
import { describe, expect, it } from 'vitest';

import { keepRankings } from '../../src/answer/kept-rankings.ts';
import { rankResults } from '../../src/answer/rank-results.ts';

const noTrials = { queued: 0, running: 0, completed: 0, failed: 0, cancelled: 0, paused: 0 };

function candidate(name: string, accuracies: readonly number[]): CandidateResults {
  const trials = { ...noTrials, completed: accuracies.length };
  const seeds = accuracies.map((_, index) => index + 1);
  return {
    candidateId: name,
    fingerprint: name,
    macs: 1000,
    trials,
    failedInTraining: 0,
    seeds,
    accuracies,
    losses: null,
  };
}

function results(changes: Partial<SearchResults> = {}): SearchResults {
  return {
    ...{ searchId: 'one', state: 'running', revision: 1, winnerCandidateId: null },
    ...{ takenOverTrials: 0, importedTrials: 0, engines: [], objective: { kind: 'accuracy' }, indifference: 0.002 },
    baseline: { macs: 500, parameters: 10, activations: 10, resolution: [20, 20] },
    resultsVersion: 'first',
    candidates: [candidate('a', [0.91, 0.92]), candidate('b', [0.95, 0.94])],
    ...changes,
  };
}

describe('keepRankings', () => {
  it('ranks as without keeping, the first time and again', () => {
    const rank = keepRankings();
    expect([rank(results()), rank(results())]).toEqual([rankResults(results()), rankResults(results())]);
  });

  it('assesses the same results once', () => {
    const rank = keepRankings();
    const { rows } = rank(results());
    // Numbers that were never assessed again cannot follow what a version does not tell.
    const unnoticed = results({ candidates: [candidate('a', [0.99, 0.98]), candidate('b', [0.95, 0.94])] });
    expect(rank(unnoticed).rows).toEqual(rows);
  });

  it('assesses other results anew, and each search by itself', () => {
    const rank = keepRankings();
    rank(results());
    const candidates = [candidate('a', [0.99, 0.98]), candidate('b', [0.95, 0.94])];
    for (const changed of [
      results({ candidates, resultsVersion: 'second' }),
      results({ candidates, searchId: 'other' }),
    ]) {
      expect(rank(changed)).toEqual(rankResults(changed));
      expect(rank(changed).rows[0]?.fingerprint).toBe('a');
    }
  });

  it('counts trials as they are, which begin and are lost without a result', () => {
    const rank = keepRankings();
    rank(results());
    const [first, second] = results().candidates;
    if (first === undefined || second === undefined) throw new Error('There are two candidates');
    const begun = results({ candidates: [first, { ...second, trials: { ...second.trials, running: 3 } }] });
    expect(rank(begun)).toEqual(rankResults(begun));
    expect(rank(begun).rows[0]?.trials).toMatchObject({ running: 3, total: 5 });
  });

  it('gives up what was not asked for the longest where there is more than it may keep', () => {
    const rank = keepRankings(4);
    for (const searchId of ['one', 'two', 'three']) rank(results({ searchId }));
    const changed = [candidate('a', [0.99, 0.98]), candidate('b', [0.95, 0.94])];
    const winnerOf = (searchId: string) => rank(results({ searchId, candidates: changed })).rows[0]?.fingerprint;
    expect(winnerOf('three')).toBe('b');
    expect(winnerOf('one')).toBe('a');
  });
});
