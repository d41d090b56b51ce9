import type { Coefficients, Engine } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sureness } from '../../src/views/coefficients-text.ts';

type Evidence = Pick<Coefficients, 'confidence' | 'engines' | 'objective'>;

function engine(fingerprint = 'a'): Engine {
  const settings = 'TF_ENABLE_ONEDNN_OPTS=1';
  const software = { tensorflow: '2.21.0', settings, program: 'p' };
  return { ...software, device: 'cpu', platform: 'x', threads: 1, datasetHash: 'd', fingerprint };
}

function evidence(confidence: Partial<Coefficients['confidence']>): Evidence {
  return {
    objective: { kind: 'accuracy' },
    engines: [{ engine: engine(), trials: 14 }],
    confidence: {
      probabilityBest: 0.34,
      probabilityIndifferent: 0.71,
      indifference: 0.002,
      tiedCandidates: 0,
      tiedCoefficients: { alpha: [1, 1.2], beta: [1.1, 1.1], gamma: [1.15, 1.4] },
      rankedCandidates: 7,
      failedTrials: 0,
      missingTrials: 0,
      reproduced: true,
      ...confidence,
    },
  };
}

const probabilities = 'Probability of being the best: 34 %, of being within 0.2 points of the best: 71 %.';

describe('how sure the answer is', () => {
  it.each([
    [
      'a winner that is told from all others',
      evidence({}),
      `Told from all 6 other candidates with a probability of 95 %. ${probabilities}`,
    ],
    [
      'a ranking by loss, in nats',
      { ...evidence({ indifference: 0.01 }), objective: { kind: 'loss' } } satisfies Evidence,
      `Told from all 6 other candidates with a probability of 95 %. ${probabilities.replace('0.2 points', '0.01 nats')}`,
    ],
    [
      'ties',
      evidence({ tiedCandidates: 2 }),
      `2 of 6 other candidates cannot be told from it with a probability of 95 %: alpha 1 to 1.2, beta 1.1, gamma 1.15 to 1.4. ${probabilities}`,
    ],
    [
      'a single seed',
      evidence({ probabilityBest: null, probabilityIndifferent: null }),
      'The trials tell nothing about the spread: run the search with more seeds.',
    ],
    ['a single candidate', evidence({ rankedCandidates: 1, probabilityBest: 1 }), 'The only candidate with a result.'],
    [
      'two candidates that are told apart, by an answer that knew no indifference',
      evidence({ rankedCandidates: 2, probabilityIndifferent: null, indifference: null }),
      'Told from the other candidate with a probability of 95 %. Probability of being the best: 34 %.',
    ],
    [
      'trials on more than one engine',
      { ...evidence({}), engines: [engine('a'), engine('b')].map((one) => ({ engine: one, trials: 7 })) },
      `Told from all 6 other candidates with a probability of 95 %. ${probabilities} ` +
        'Its search ran on 2 engines, whose results may differ in the last bits.',
    ],
    [
      'trials that failed and trials that are missing',
      evidence({ failedTrials: 3, missingTrials: 1 }),
      `Told from all 6 other candidates with a probability of 95 %. ${probabilities} ` +
        '3 trials failed. Incomplete: 1 trial lost or cancelled.',
    ],
  ])('is said of %s', (_case, answer, sentences) => {
    expect(sureness(answer)).toBe(sentences);
  });
});
