import type { Coefficients, Engine } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sureness } from '../../src/views/coefficients-text.ts';

type Evidence = Pick<Coefficients, 'confidence' | 'validationAccuracy' | 'engines'>;

function engine(fingerprint = 'a'): Engine {
  const settings = 'TF_ENABLE_ONEDNN_OPTS=1';
  return { tensorflow: '2.21.0', device: 'cpu', platform: 'x', threads: 1, settings, datasetHash: 'd', fingerprint };
}

function evidence(confidence: Partial<Coefficients['confidence']>, standardError: number | null = 0.01): Evidence {
  return {
    engines: [{ engine: engine(), trials: 14 }],
    validationAccuracy: { mean: 0.9, standardError, seeds: standardError === null ? 1 : 2 },
    confidence: {
      probabilityBest: 0.34,
      tiedCandidates: 0,
      rankedCandidates: 7,
      failedTrials: 0,
      missingTrials: 0,
      reproduced: true,
      ...confidence,
    },
  };
}

describe('how sure the answer is', () => {
  it.each([
    [
      'a winner that is told from all others',
      evidence({}),
      'Better than each of the other 6 candidates at the 5 % level. Probability of being the best: 34 %.',
    ],
    [
      'ties',
      evidence({ tiedCandidates: 2 }),
      '2 of 6 other candidates cannot be told from it at the 5 % level. Probability of being the best: 34 %.',
    ],
    [
      'a single seed',
      evidence({ probabilityBest: null }, null),
      'One seed tells nothing about the spread: run the search with more seeds.',
    ],
    [
      'trials on more than one engine',
      { ...evidence({}), engines: [engine('a'), engine('b')].map((one) => ({ engine: one, trials: 7 })) },
      'Better than each of the other 6 candidates at the 5 % level. Probability of being the best: 34 %. ' +
        'Its search ran on 2 engines, whose results may differ in the last bits.',
    ],
    [
      'trials that failed and trials that are missing',
      evidence({ failedTrials: 3, missingTrials: 1 }),
      'Better than each of the other 6 candidates at the 5 % level. Probability of being the best: 34 %. ' +
        '3 trials failed. Incomplete: 1 trial lost or cancelled.',
    ],
  ])('is said of %s', (_case, answer, sentences) => {
    expect(sureness(answer)).toBe(sentences);
  });
});
