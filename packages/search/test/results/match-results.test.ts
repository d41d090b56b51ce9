import { type Candidate, type ResultLine, resultLineSchema } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { matchResults } from '../../src/results/match-results.ts';

function candidate(fingerprint: string, points: readonly (readonly [number, number, number])[]): Candidate {
  return {
    fingerprint,
    multipliers: { depth: 1, width: 1, resolution: 1 },
    resolution: [20, 20],
    repeats: [1],
    channels: [8],
    parameters: 1,
    macs: 1,
    macsRatio: 1,
    activations: 1,
    enlarges: false,
    points: points.map(([alpha, beta, gamma]) => ({ alpha, beta, gamma, product: 2 })),
  };
}

const search = {
  seeds: [1, 2],
  objective: { kind: 'accuracy' } as const,
  candidates: [
    { candidateId: 'c1', candidate: candidate('f1', [[1, 1.1, 1.15]]) },
    {
      candidateId: 'c2',
      candidate: candidate('f2', [
        [1.2, 1, 1],
        [1.25, 1, 1],
      ]),
    },
  ],
};

function match(...lines: object[]) {
  return matchIn(search, ...lines);
}

function matchIn(searched: Parameters<typeof matchResults>[1], ...lines: object[]) {
  const told = lines.map((line): ResultLine => resultLineSchema.parse({ seed: 1, validationAccuracy: 0.5, ...line }));
  return matchResults(
    told.map((one, index) => ({ line: index + 1, told: one })),
    searched,
  );
}

describe('matching results with the trials of a search', () => {
  it('finds the candidate by its fingerprint, and by any of its points as people write them', () => {
    const { results, faults } = match(
      { fingerprint: 'f1' },
      { alpha: 1.25, beta: 1, gamma: 1 },
      { alpha: 1, beta: 1.1 + 1e-12, gamma: 1.15, seed: 2 },
    );
    expect(faults).toEqual([]);
    expect(results.map(({ line, result }) => [line, result.candidateId, result.seed])).toEqual([
      [1, 'c1', 1],
      [2, 'c2', 1],
      [3, 'c1', 2],
    ]);
  });

  it('goes by the fingerprint where both are given', () => {
    expect(match({ fingerprint: 'f1', alpha: 1.2, beta: 1, gamma: 1 }).results[0]?.result.candidateId).toBe('c1');
  });

  it('keeps what is told, and knows what is not', () => {
    const { results } = match(
      { fingerprint: 'f1', validationLoss: 0.3, steps: 10, weightsHash: 'h', seconds: 2.5 },
      { fingerprint: 'f2', validationAccuracy: null, failure: 'TRIAL_DIVERGED', steps: 3 },
    );
    expect(results.map(({ result }) => result)).toEqual([
      {
        candidateId: 'c1',
        purpose: 'ranking',
        seed: 1,
        seconds: 2.5,
        outcome: {
          result: {
            validationAccuracy: 0.5,
            validationLoss: 0.3,
            testAccuracy: null,
            steps: 10,
            imagesPerSecond: null,
            weightsHash: 'h',
          },
        },
      },
      {
        candidateId: 'c2',
        purpose: 'ranking',
        seed: 1,
        seconds: null,
        outcome: {
          failure: {
            code: 'TRIAL_DIVERGED',
            message: 'It failed where it was trained; the result was imported',
            step: 3,
          },
        },
      },
    ]);
  });

  it('wants the loss of trainings that are ranked by it', () => {
    const byLoss = { ...search, objective: { kind: 'loss' } } as const;
    const { results, faults } = matchIn(
      byLoss,
      { fingerprint: 'f1' },
      { fingerprint: 'f2', validationLoss: 0.3 },
      { fingerprint: 'f1', seed: 2, validationAccuracy: null, failure: 'TRIAL_DIVERGED' },
      { fingerprint: 'f1', purpose: 'test', testAccuracy: 0.4 },
    );
    expect(results.map(({ line }) => line)).toEqual([2, 3, 4]);
    expect(faults).toMatchObject([{ line: 1, field: 'validationLoss' }]);
  });

  it('leaves out lines that say that there is no result', () => {
    const { results, faults, withoutResult } = match(
      { fingerprint: 'f1', state: 'queued', validationAccuracy: null },
      { fingerprint: 'of no candidate', state: 'cancelled', validationAccuracy: null },
      { fingerprint: 'f1', state: 'queued' },
    );
    expect({ lines: results.map(({ line }) => line), faults, withoutResult }).toEqual({
      lines: [3],
      faults: [],
      withoutResult: 2,
    });
  });

  it('refuses what is of no candidate, of no seed, and of the same trial twice', () => {
    const { results, faults } = match(
      { fingerprint: 'f1' },
      { fingerprint: 'f3' },
      { alpha: 1.3, beta: 1, gamma: 1 },
      { fingerprint: 'f1', seed: 3 },
      { alpha: 1, beta: 1.1, gamma: 1.15 },
      { fingerprint: 'f1', purpose: 'test', testAccuracy: 0.4 },
    );
    expect(results.map(({ line }) => line)).toEqual([1, 6]);
    expect(faults.map(({ line, field, value, detail }) => ({ line, field, value, detail }))).toEqual([
      { line: 2, field: 'fingerprint', value: 'f3', detail: 'is of no candidate of the search' },
      { line: 3, field: 'alpha', value: [1.3, 1, 1], detail: 'is of no candidate of the search' },
      { line: 4, field: 'seed', value: 3, detail: 'is none of the seeds of the search' },
      { line: 5, field: 'seed', value: 1, detail: 'is of the same trial as line 1' },
    ]);
    expect(faults[2]?.remedy).toBe('Its seeds are 1, 2.');
  });
});
