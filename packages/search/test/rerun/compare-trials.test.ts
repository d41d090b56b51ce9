import type { Engine, Epoch, TrialDetail, TrialState } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { compareTrials } from '../../src/rerun/compare-trials.ts';
import { engine } from '../simulated-worker.ts';

function epoch(number: number, changes: Partial<Epoch> = {}): Epoch {
  return {
    epoch: number,
    step: 10 * number,
    learningRate: 0.008,
    trainLoss: 2 / number,
    trainAccuracy: 0.5,
    validationLoss: 2.1 / number,
    validationAccuracy: 0.4,
    seconds: 0.25,
    ...changes,
  };
}

interface Changes {
  readonly state?: TrialState;
  readonly curve?: readonly Epoch[];
  readonly weightsHash?: string;
  readonly engine?: Partial<Engine>;
}

function trial(
  id: string,
  { state = 'completed', curve = [epoch(1), epoch(2)], ...changes }: Changes = {},
): TrialDetail {
  return {
    id,
    searchId: 'search',
    candidateId: 'candidate',
    purpose: id === 'rerun' ? 'rerun' : 'ranking',
    seed: 1,
    state,
    attempt: 1,
    round: null,
    epochs: null,
    multipliers: { depth: 1, width: 1, resolution: 1 },
    takenOverFrom: null,
    origin: 'trained',
    rerunOf: id === 'rerun' ? 'recorded' : null,
    step: 20,
    steps: 20,
    engine: { ...engine, ...changes.engine },
    result:
      state === 'completed'
        ? {
            validationAccuracy: 0.4,
            validationLoss: 1.05,
            testAccuracy: null,
            steps: 20,
            imagesPerSecond: id === 'rerun' ? 900 : 500,
            weightsHash: changes.weightsHash ?? 'weights',
          }
        : null,
    failure: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    endedAt: null,
    learningCurve: [...curve],
  };
}

function compare(rerun: Changes) {
  return compareTrials(trial('recorded'), trial('rerun', rerun));
}

describe('compareTrials', () => {
  it('finds trials equal that differ in nothing but their speed', () => {
    expect(compare({ curve: [epoch(1, { seconds: 9 }), epoch(2, { seconds: 8 })] })).toMatchObject({
      trialId: 'recorded',
      rerunId: 'rerun',
      equal: true,
      firstDifference: null,
      engineDifferences: [],
    });
  });

  it('shows both sides of the first epoch in which any number differs by any bit', () => {
    const numbers = [
      'step',
      'learningRate',
      'trainLoss',
      'trainAccuracy',
      'validationLoss',
      'validationAccuracy',
    ] as const;
    for (const name of numbers) {
      const value = epoch(2)[name] * (1 + Number.EPSILON);
      const changed = epoch(2, { [name]: value });
      const { equal, firstDifference } = compare({ curve: [epoch(1), changed, epoch(3)] });
      expect({ equal, firstDifference }, name).toEqual({
        equal: false,
        firstDifference: { epoch: 2, recorded: epoch(2), rerun: changed },
      });
    }
  });

  it('finds an epoch too many or too few', () => {
    expect(compare({ curve: [epoch(1)] })).toMatchObject({
      equal: false,
      firstDifference: { epoch: 2, recorded: epoch(2), rerun: null },
    });
    expect(compare({ curve: [epoch(1), epoch(2), epoch(3)] })).toMatchObject({
      equal: false,
      firstDifference: { epoch: 3, recorded: null, rerun: epoch(3) },
    });
  });

  it('finds weights that differ where no epoch does', () => {
    expect(compare({ weightsHash: 'others' })).toMatchObject({
      equal: false,
      firstDifference: null,
      weightsHash: { recorded: 'weights', rerun: 'others' },
    });
  });

  it('names what differs between the engines, the data too', () => {
    const { engineDifferences } = compare({
      engine: { platform: 'linux-arm64', datasetHash: 'of other data', fingerprint: 'of all that' },
    });
    expect(engineDifferences).toEqual(['platform', 'datasetHash']);
  });

  it('judges a rerun under way by the epochs that it has reached, and says no verdict before it has completed', () => {
    expect(compare({ state: 'running', curve: [epoch(1)] })).toMatchObject({ equal: null, firstDifference: null });
    const changed = epoch(1, { trainLoss: 3 });
    expect(compare({ state: 'running', curve: [changed] })).toMatchObject({
      equal: null,
      firstDifference: { epoch: 1, recorded: epoch(1), rerun: changed },
    });
    expect(compare({ state: 'failed', curve: [] })).toMatchObject({ equal: null, firstDifference: null });
  });
});
