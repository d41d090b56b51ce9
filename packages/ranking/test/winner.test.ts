import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { chooseWinner, rankCandidates } from '../src/index.ts';
import { candidate, completed, ended, searches } from './generators.ts';

describe('the winner', () => {
  it('comes with the second-best, the difference and how sure it is', () => {
    const ranking = rankCandidates({
      candidates: ['a', 'b', 'c', 'd'].map((name) => candidate(name)),
      trials: [
        ...completed('a', [0.9, 0.901, 0.899]),
        ...completed('b', [0.9, 0.9, 0.902]),
        ...completed('c', [0.5, 0.501, 0.5]),
        ...[1, 2, 3].map((seed) => ended('d', seed, 'training')),
      ],
    });
    const winner = chooseWinner(ranking);
    if (winner === null) throw new Error('There is no winner.');
    expect(winner).toMatchObject({
      fingerprint: 'b',
      complete: true,
      confidence: { tiedCandidates: 1, rankedCandidates: 3, failedTrials: 3, missingTrials: 0 },
    });
    expect(winner.validationAccuracy.mean).toBeCloseTo(2.702 / 3, 12);
    expect(winner.runnerUp?.fingerprint).toBe('a');
    // The difference of the means, 0.002 / 3, less what chance has probably added to it.
    expect(winner.runnerUp?.difference).toBeGreaterThan(0);
    expect(winner.runnerUp?.difference).toBeLessThan(0.002 / 3);
    const { rows, probabilityIndifferent } = ranking;
    expect(winner.expectedAccuracy).toBe(rows[0]?.expectedAccuracy);
    expect(winner.confidence.probabilityBest).toBe(rows[0]?.probabilityBest);
    expect(winner.confidence).toMatchObject({ indifference: 0.002, probabilityIndifferent });
  });

  it('is a candidate whose training never failed wherever there is one, however accurate the others', () => {
    const half = [...completed('half', [0.99]), ended('half', 2, 'training')];
    const whole = completed('whole', [0.8, 0.8]);
    const candidates = [candidate('half'), candidate('whole')];
    expect(chooseWinner(rankCandidates({ candidates, trials: [...half, ...whole] }))?.fingerprint).toBe('whole');
    const alone = chooseWinner(rankCandidates({ candidates, trials: half }));
    expect(alone).toMatchObject({ fingerprint: 'half', complete: false, runnerUp: null });
  });

  it('stays the winner where infrastructure lost its trials, and the answer counts what is missing', () => {
    const candidates = ['best', 'other', 'gone'].map((name) => candidate(name));
    const trials = [
      ...completed('best', [0.95]),
      ended('best', 2, 'infrastructure'),
      ...completed('other', [0.9, 0.9]),
      ended('gone', 1, 'infrastructure'),
      ended('gone', 2, null),
      ended('gone', 3, 'training'),
    ];
    expect(chooseWinner(rankCandidates({ candidates, trials }))).toMatchObject({
      fingerprint: 'best',
      complete: false,
      runnerUp: { fingerprint: 'other' },
      confidence: { rankedCandidates: 2, failedTrials: 3, missingTrials: 3 },
    });
  });

  it('is null where no trial has completed', () => {
    const candidates = [candidate('a')];
    expect(chooseWinner(rankCandidates({ candidates, trials: [ended('a', 1, 'training')] }))).toBeNull();
    expect(chooseWinner(rankCandidates({ candidates: [], trials: [] }))).toBeNull();
  });

  it('is the first row in any condition of a search, and survives JSON', () => {
    fc.assert(
      fc.property(searches, (search) => {
        const ranking = rankCandidates(search);
        const winner = chooseWinner(ranking);
        expect(winner?.fingerprint).toBe(ranking.rows.find(({ rank }) => rank === 1)?.fingerprint);
        expect(JSON.parse(JSON.stringify(winner))).toEqual(winner);
      }),
    );
  });
});
