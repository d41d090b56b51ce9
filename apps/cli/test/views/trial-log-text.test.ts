import type { LoggedAttempt } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { renderTrialLog } from '../../src/views/trial-log-text.ts';

const lost: LoggedAttempt = {
  attempt: 1,
  workerId: 'worker-1',
  host: 'machine-7',
  beganAt: '2026-11-27T10:00:00.000Z',
  endedAt: '2026-11-27T10:01:30.000Z',
  outcome: 'lost',
  failure: { code: 'TRIAL_LOST', message: 'The training process was ended by SIGKILL', step: null },
  parameters: {
    dataset: 'mnist',
    device: 'cpu',
    seed: 7,
    batchSize: 32,
    epochs: 3,
    steps: 60,
    pauseAfter: 2,
    engine: {
      tensorflow: '2.21.0',
      device: 'cpu',
      platform: 'linux-x64',
      threads: 1,
      settings: '',
      program: '',
      datasetHash: 'a'.repeat(64),
      fingerprint: 'b'.repeat(64),
    },
    resumedFrom: { epoch: 1, step: 25 },
  },
  warnings: ['The disk\nis slow'],
  lastWords: 'one line\nAttempt 2: completed\n',
};
const running: LoggedAttempt = {
  ...lost,
  attempt: 2,
  host: null,
  endedAt: null,
  outcome: null,
  failure: null,
  parameters: null,
  warnings: [],
  lastWords: null,
};

describe('renderTrialLog', () => {
  it('says of a trial that nobody has begun to train just that', () => {
    expect(renderTrialLog({ trialId: 'trial', attempts: [] })).toBe('No worker has begun to train this trial.');
  });

  it('tells each attempt with who, when, how it ended, what it was to do and what it said, whose lines stay its own', () => {
    expect(renderTrialLog({ trialId: 'trial', attempts: [lost, running] })).toBe(
      [
        'Attempt 1: lost after 1 min 30 s, 2026-11-27T10:00:00.000Z to 2026-11-27T10:01:30.000Z',
        '  by worker worker-1 on machine-7',
        '  trains 3 epochs of mnist in 60 steps, batches of 32, seed 7, to pause after epoch 2, from step 25 (epoch 1 had ended)',
        '  on TensorFlow 2.21.0, cpu, 1 thread, engine bbbbbbbbbbbb',
        '  TRIAL_LOST: The training process was ended by SIGKILL',
        String.raw`  warning: The disk\u000ais slow`,
        '  last words:',
        '    one line',
        '    Attempt 2: completed',
        '',
        'Attempt 2: runs since 2026-11-27T10:00:00.000Z',
        '  by worker worker-1',
      ].join('\n'),
    );
  });
});
