import type { Curve } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { renderCurves } from '../../src/views/curve-table.ts';

const curve: Curve = {
  trialId: 'trial-1',
  candidateId: 'candidate-1',
  fingerprint: 'fingerprint-1',
  purpose: 'ranking',
  seed: 7,
  state: 'running',
  attempt: 1,
  epochs: 9,
  epoch: [1, 5, 9],
  trainLoss: [2, 1, 0.5],
  validationLoss: [2.5, 1.5, 1.25],
  validationAccuracy: [0.1, 0.8, 0.46],
};

function lineOf(shown: Curve): string {
  return renderCurves([shown]).split('\n')[3] ?? '';
}

describe('renderCurves', () => {
  it('shows what the last epoch came to, how many there were, and the accuracies as bars', () => {
    expect(lineOf(curve)).toMatch(/trial-1 .* 7 .* running .* 9 .* 0\.5000 .* 1\.2500 .* 46\.00 % .*▁█▅/u);
  });

  it('leaves empty what a trial without epochs does not have', () => {
    const none = { epochs: 0, epoch: [], trainLoss: [], validationLoss: [], validationAccuracy: [] };
    expect(lineOf({ ...curve, ...none })).toMatch(/running .* 0 /u);
    expect(lineOf({ ...curve, ...none })).not.toMatch(/NaN|Infinity|undefined/u);
  });
});
