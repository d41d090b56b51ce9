import { describe, expect, it } from 'vitest';

import { createProgressDisplay } from '../../src/progress/progress-display.ts';
import { progressParts, trialProgressParts } from '../../src/progress/progress-line.ts';
import { capturedStream } from '../captured-terminal.ts';
import { counts, row, search, trial } from '../samples.ts';

describe('the progress of a search in a line', () => {
  it('says how much is done, how long it takes and who leads', () => {
    expect(progressParts({ search: search(), best: row() })).toEqual([
      ' 25 %',
      'trials 1/4',
      '1 min 15 s left',
      'best 97.12 ± 0.21 % at (1.2, 1.1, 1.15)',
    ]);
  });

  it('claims nothing that is not known yet', () => {
    const fresh = search({ progress: { fraction: 0, secondsLeft: null }, trials: counts({ queued: 4 }) });
    expect(progressParts({ search: fresh, best: undefined })).toEqual([
      '  0 %',
      'trials 0/4',
      'time left unknown',
      'no result yet',
    ]);
  });

  it('counts failed and cancelled trials as ended and names failures', () => {
    const troubled = search({ trials: counts({ completed: 1, failed: 1, cancelled: 1, running: 1 }) });
    expect(progressParts({ search: troubled, best: undefined })[1]).toBe('trials 3/4, 1 failed');
  });

  it('says that a search is paused, or about to stop', () => {
    const paused = search({ state: 'paused', progress: { fraction: 0.25, secondsLeft: null } });
    expect(progressParts({ search: paused, best: undefined }).slice(1, 3)).toEqual([
      'trials 1/4, paused',
      'time left unknown',
    ]);
    const testTrials = counts({ total: 2, completed: 1, running: 1 });
    const stopping = search({ state: 'stopping', testTrials });
    expect(progressParts({ search: stopping, best: undefined })[1]).toBe('testing the winner 1/2, stopping');
  });

  it('tells the test of the winner from the ranking', () => {
    const testing = search({ state: 'testing', testTrials: counts({ total: 2, completed: 1, running: 1 }) });
    expect(progressParts({ search: testing, best: row() })[1]).toBe('testing the winner 1/2');
  });
});

describe('the progress of a trial in a line', () => {
  it('says how many steps are done, or that none is', () => {
    expect(trialProgressParts(trial({ state: 'running', step: 5, steps: 20 }))).toEqual([
      ' 25 %',
      'running',
      'step 5/20',
    ]);
    expect(trialProgressParts(trial({ state: 'queued', step: 0, steps: null, attempt: 2 }))).toEqual([
      '  0 %',
      'queued, attempt 2',
      'not started yet',
    ]);
  });
});

describe('the progress where the output is no terminal', () => {
  it('is a plain line every five seconds, and the last state at the end', () => {
    const { stream, text } = capturedStream();
    let milliseconds = 0;
    const display = createProgressDisplay(stream, () => milliseconds);
    const at = (seconds: number, fraction: number): void => {
      milliseconds = seconds * 1000;
      display.update({ fraction, parts: [` ${fraction * 100} %`, 'more'] });
    };
    at(0, 0.1);
    at(4.9, 0.2);
    at(5, 0.3);
    at(9.9, 0.4);
    display.end();
    display.end();
    const lines = text().split('\n').slice(0, -1);
    expect(lines.map((line) => line.split(' | ')[0])).toEqual(['10 %', '30 %', '40 %']);
    expect(text()).not.toContain('\u001b');
  });
});

describe('the progress on a terminal', () => {
  it('is one bar that is drawn again in place', () => {
    const { stream, text } = capturedStream({ columns: 120 });
    const display = createProgressDisplay(stream);
    display.update({ fraction: 0.5, parts: [' 50 %', 'trials 1/4', '30 s left'] });
    display.end();
    expect(text()).toContain('████████████░░░░░░░░░░░░  50 % | trials 1/4 | 30 s left');
    expect(text().trimEnd().split('\n')).toHaveLength(1);
  });

  it('shows nothing where nothing was known', () => {
    const { stream, text } = capturedStream({ columns: 120 });
    createProgressDisplay(stream).end();
    expect(text()).toBe('');
  });
});
