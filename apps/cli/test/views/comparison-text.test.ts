import type { Engine, Epoch, TrialComparison } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { renderComparison } from '../../src/views/comparison-text.ts';
import { comparison as sampleComparison } from '../samples.ts';

const engine: Engine = {
  tensorflow: '2.21.0',
  device: 'cpu',
  platform: 'linux-x64 One processor',
  threads: 1,
  settings: 'TF_ENABLE_ONEDNN_OPTS=1',
  program: '0123456789abcdef',
  datasetHash: 'aaaa',
  fingerprint: 'bbbb',
};

const epoch: Epoch = {
  epoch: 3,
  step: 30,
  learningRate: 0.00800000037997961,
  trainLoss: 1.2345678901234567,
  trainAccuracy: 0.5,
  validationLoss: 1.5,
  validationAccuracy: 0.4,
  seconds: 2,
};

function comparison(some: Partial<TrialComparison>): TrialComparison {
  return sampleComparison({ engine: { recorded: engine, rerun: engine }, ...some });
}

describe('the verdict on a rerun', () => {
  it('is one line where all is equal', () => {
    expect(renderComparison(comparison({}))).toBe('Equal to the bit: every epoch, and the weights cccc.');
  });

  it('shows both rows of the first epoch that differs, with all their digits', () => {
    const firstDifference = { epoch: 3, recorded: epoch, rerun: { ...epoch, trainLoss: 1.234567890123457 } };
    const text = renderComparison(comparison({ equal: false, firstDifference }));
    expect(text).toMatch(/^Different from epoch 3 on:\n/);
    expect(text).toMatch(/│ +3 │ recorded │ +30 │ 0\.00800000037997961 │ 1\.2345678901234567 │/);
    expect(text).toMatch(/│ +3 │ rerun +│ +30 │ 0\.00800000037997961 │ +1\.234567890123457 │/);
    expect(text).toContain('Engine and data are the same, which does not explain it.');
  });

  it('says what explains a difference: another engine, or other data', () => {
    const rerun = { ...engine, platform: 'linux-arm64 Another', datasetHash: 'dddd' };
    const text = renderComparison(
      comparison({
        equal: false,
        weightsHash: { recorded: 'cccc', rerun: 'eeee' },
        engine: { recorded: engine, rerun },
        engineDifferences: ['platform', 'datasetHash'],
      }),
    );
    expect(text.split('\n')).toEqual([
      'All epochs are equal; the weights differ.',
      'Weights recorded cccc',
      '        rerun    eeee',
      'What explains it:',
      '  platform differs: recorded linux-x64 One processor, rerun linux-arm64 Another',
      '  the data differs: recorded aaaa, rerun dddd',
    ]);
  });
});
