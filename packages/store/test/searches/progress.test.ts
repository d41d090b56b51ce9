import { describe, expect, it } from 'vitest';

import { countTrials, progressOf, type TrialTally } from '../../src/searches/progress.ts';

function tally(changes: Partial<TrialTally>): TrialTally {
  return { purpose: 'ranking', state: 'queued', trials: 1, seconds: 0, ...changes };
}

const nothingRuns = { done: 0, seconds: 0 };

describe('progressOf', () => {
  it('knows no time left before the first step', () => {
    expect(
      progressOf([tally({ trials: 4 })], nothingRuns, { state: 'running', mostRankingTrials: 0, testTrials: 2 }),
    ).toEqual({
      fraction: 0,
      secondsLeft: null,
    });
  });

  it('counts ended trials, the share that running ones have done, and the test trials to come', () => {
    // 3 ranking trials and 1 test trial; one is done, one has done a fifth: 1.2 of 4 trials.
    // 1.2 trials took 60 seconds of running, so 2.8 more take 140, one at a time.
    const tallies = [
      tally({ state: 'completed', seconds: 50 }),
      tally({ state: 'running' }),
      tally({ state: 'queued' }),
    ];
    const running = { done: 0.2, seconds: 10 };
    const { fraction, secondsLeft } = progressOf(tallies, running, {
      state: 'running',
      mostRankingTrials: 0,
      testTrials: 1,
    });
    expect(fraction).toBeCloseTo(0.3, 12);
    expect(secondsLeft).toBeCloseTo(140, 10);
  });

  it('divides the time left by the trials that run at once', () => {
    // Two halves of 4 trials in 2 x 10 seconds of running: 3 more take 60 seconds of running, 30 for two at once.
    const tallies = [tally({ state: 'running', trials: 2 }), tally({ state: 'queued', trials: 1 })];
    const { secondsLeft } = progressOf(
      tallies,
      { done: 1, seconds: 20 },
      { state: 'running', mostRankingTrials: 0, testTrials: 1 },
    );
    expect(secondsLeft).toBeCloseTo(30, 10);
  });

  it('does not jump back when the test trials are added', () => {
    const ranked = tally({ state: 'completed', trials: 4, seconds: 40 });
    const tests = tally({ purpose: 'test', trials: 2 });
    const before = progressOf([ranked], nothingRuns, { state: 'running', mostRankingTrials: 0, testTrials: 2 });
    const after = progressOf([ranked, tests], nothingRuns, { state: 'testing', mostRankingTrials: 0, testTrials: 2 });
    expect(before.fraction).toBeCloseTo(4 / 6, 10);
    expect(after).toEqual(before);
  });

  it('counts a failed trial as done, since nothing of it is left to do', () => {
    const tallies = [tally({ state: 'failed', seconds: 1 })];
    expect(progressOf(tallies, nothingRuns, { state: 'running', mostRankingTrials: 0, testTrials: 1 }).fraction).toBe(
      0.5,
    );
  });

  it.each(['paused', 'stopping'] as const)('is as far as it has come in a %s search, for an unknown time', (state) => {
    const tallies = [tally({ state: 'completed', seconds: 1 }), tally({ state: 'running' })];
    const { fraction, secondsLeft } = progressOf(
      tallies,
      { done: 0.5, seconds: 1 },
      { state, mostRankingTrials: 0, testTrials: 1 },
    );
    expect(fraction).toBeCloseTo(1.5 / 3, 10);
    expect(secondsLeft).toBeNull();
  });

  it('is complete in a search that has ended, except in one that was cancelled or stopped', () => {
    const done = [tally({ state: 'completed', seconds: 1 })];
    const cancelled = [...done, tally({ state: 'cancelled', seconds: 1 })];
    const ended = { fraction: 1, secondsLeft: 0 };
    expect(progressOf(done, nothingRuns, { state: 'completed', mostRankingTrials: 0, testTrials: 1 })).toEqual(ended);
    for (const state of ['cancelled', 'stopped'] as const) {
      expect(progressOf(cancelled, nothingRuns, { state, mostRankingTrials: 0, testTrials: 1 })).toEqual({
        fraction: 1 / 3,
        secondsLeft: 0,
      });
    }
  });
});

describe('countTrials', () => {
  it('counts the trials of one purpose by state', () => {
    const tallies = [
      tally({ state: 'queued', trials: 1 }),
      tally({ state: 'running', trials: 2 }),
      tally({ state: 'completed', trials: 3 }),
      tally({ state: 'failed', trials: 4 }),
      tally({ state: 'cancelled', trials: 5 }),
      tally({ purpose: 'test', state: 'queued', trials: 6 }),
    ];
    expect(countTrials(tallies, 'ranking')).toEqual({
      total: 15,
      queued: 1,
      running: 2,
      completed: 3,
      failed: 4,
      cancelled: 5,
      paused: 0,
    });
    expect(countTrials(tallies, 'test')).toMatchObject({ total: 6, queued: 6, completed: 0 });
  });
});
