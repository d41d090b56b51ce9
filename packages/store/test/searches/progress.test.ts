import { describe, expect, it } from 'vitest';

import { countTrials, progressOf, type TrialTally } from '../../src/searches/progress.ts';

function tally(changes: Partial<TrialTally>): TrialTally {
  return {
    purpose: 'ranking',
    state: 'queued',
    trials: 1,
    step: 0,
    steps: null,
    seconds: 0,
    ...changes,
  };
}

describe('progressOf', () => {
  it('knows no time left before the first step', () => {
    expect(progressOf([tally({ trials: 4 })], { state: 'running', seeds: 2 })).toEqual({
      fraction: 0,
      secondsLeft: null,
    });
  });

  it('counts the steps done of all ranking trials and of the test trials to come', () => {
    // 3 ranking trials and 1 test trial of 100 steps each; one is done, one has done 20: 120 of 400 steps.
    // 120 steps took 60 seconds of running, so 280 more take 140, one at a time.
    const tallies = [
      tally({ state: 'completed', step: 100, steps: 100, seconds: 50 }),
      tally({ state: 'running', step: 20, steps: 100, seconds: 10 }),
      tally({ state: 'queued' }),
    ];
    const { fraction, secondsLeft } = progressOf(tallies, { state: 'running', seeds: 1 });
    expect(fraction).toBe(0.3);
    expect(secondsLeft).toBeCloseTo(140, 10);
  });

  it('divides the time left by the trials that run at once', () => {
    // 2 x 50 of 400 steps in 2 x 10 seconds of running: 300 more take 60 seconds of running, 30 for two at once.
    const tallies = [
      tally({ state: 'running', trials: 2, step: 100, steps: 100, seconds: 20 }),
      tally({ state: 'queued', trials: 1 }),
    ];
    expect(progressOf(tallies, { state: 'running', seeds: 1 }).secondsLeft).toBeCloseTo(30, 10);
  });

  it('does not jump back when the test trials are added', () => {
    const ranked = tally({ state: 'completed', trials: 4, step: 400, steps: 100, seconds: 40 });
    const before = progressOf([ranked], { state: 'running', seeds: 2 });
    const after = progressOf([ranked, tally({ purpose: 'test', trials: 2 })], { state: 'testing', seeds: 2 });
    expect(before.fraction).toBeCloseTo(4 / 6, 10);
    expect(after).toEqual(before);
  });

  it('counts a failed trial as done, since nothing of it is left to do', () => {
    const tallies = [tally({ state: 'failed', step: 10, steps: 100, seconds: 1 })];
    expect(progressOf(tallies, { state: 'running', seeds: 1 }).fraction).toBe(0.5);
  });

  it('is complete in a search that has ended, except in a cancelled one', () => {
    const done = [tally({ state: 'completed', step: 100, steps: 100, seconds: 1 })];
    const cancelled = [...done, tally({ state: 'cancelled', step: 30, steps: 100, seconds: 1 })];
    expect(progressOf(done, { state: 'completed', seeds: 1 })).toEqual({ fraction: 1, secondsLeft: 0 });
    expect(progressOf(cancelled, { state: 'cancelled', seeds: 1 })).toEqual({ fraction: 1 / 3, secondsLeft: 0 });
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
    });
    expect(countTrials(tallies, 'test')).toMatchObject({ total: 6, queued: 6, completed: 0 });
  });
});
