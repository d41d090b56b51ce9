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

const changed = [candidate('a', [0.99, 0.98]), candidate('b', [0.95, 0.94])];

describe('keepRankings', () => {
  it('ranks as without keeping, the first time and again', async () => {
    const rank = keepRankings();
    expect([await rank(results()), await rank(results())]).toEqual([rankResults(results()), rankResults(results())]);
  });

  it('assesses the same results once', async () => {
    const rank = keepRankings();
    const { rows } = await rank(results());
    // Numbers that were never assessed again cannot follow what a version does not tell.
    expect((await rank(results({ candidates: changed }))).rows).toEqual(rows);
  });

  it('assesses what several ask for at the same time once', async () => {
    let assessed = 0;
    const rank = keepRankings({
      rank: async (asked) => {
        assessed += 1;
        await Promise.resolve();
        return rankResults(asked);
      },
    });
    const rankings = await Promise.all([rank(results()), rank(results()), rank(results())]);
    expect(rankings).toEqual([rankResults(results()), rankResults(results()), rankResults(results())]);
    expect(assessed).toBe(1);
  });

  it('keeps no failure', async () => {
    const failures = [new Error('The thread has ended')];
    const rank = keepRankings({
      rank: (asked) => {
        const failure = failures.pop();
        return failure === undefined ? rankResults(asked) : Promise.reject(failure);
      },
    });
    await expect(rank(results())).rejects.toThrow('The thread has ended');
    expect(await rank(results())).toEqual(rankResults(results()));
  });

  it('assesses other results anew, and each search by itself', async () => {
    const rank = keepRankings();
    await rank(results());
    for (const other of [
      results({ candidates: changed, resultsVersion: 'second' }),
      results({ candidates: changed, searchId: 'other' }),
    ]) {
      const ranking = await rank(other);
      expect(ranking).toEqual(rankResults(other));
      expect(ranking.rows[0]?.fingerprint).toBe('a');
    }
  });

  it('counts trials as they are, which begin and are lost without a result', async () => {
    const rank = keepRankings();
    await rank(results());
    const [first, second] = results().candidates;
    if (first === undefined || second === undefined) throw new Error('There are two candidates');
    const begun = results({ candidates: [first, { ...second, trials: { ...second.trials, running: 3 } }] });
    const ranking = await rank(begun);
    expect(ranking).toEqual(rankResults(begun));
    expect(ranking.rows[0]?.trials).toMatchObject({ running: 3, total: 5 });
  });

  it('gives up what was not asked for the longest where there is more than it may keep', async () => {
    const rank = keepRankings({ maximumRows: 4 });
    for (const searchId of ['one', 'two', 'three']) await rank(results({ searchId }));
    const winnerOf = async (searchId: string) =>
      (await rank(results({ searchId, candidates: changed }))).rows[0]?.fingerprint;
    expect(await winnerOf('three')).toBe('b');
    expect(await winnerOf('one')).toBe('a');
  });
});
