import {
  type Candidate,
  type SearchRequest,
  type SearchRequestInput,
  searchRequestSchema,
} from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { expectedTime, workOf } from '../../src/plan/work.ts';
import { sampleRequest } from '../sample-request.ts';

function request(changes: Partial<SearchRequestInput>): SearchRequest {
  return searchRequestSchema.parse(sampleRequest({ split: { trainImages: 100, validationImages: 50 }, ...changes }));
}

/** Only what work depends on. */
function candidates(...macs: number[]): Candidate[] {
  return macs.map((count, index) => ({
    fingerprint: String(index),
    multipliers: { depth: 1, width: 1, resolution: 1 },
    resolution: [20, 20],
    repeats: [1],
    channels: [8],
    parameters: 1,
    macs: count,
    macsRatio: 1,
    activations: 1,
    enlarges: false,
    points: [{ alpha: 1, beta: 1, gamma: 1, product: 1 }],
  }));
}

describe('the work of a search', () => {
  it('is the whole batches of all epochs, for each candidate and seed', () => {
    // 100 images are 3 batches of 32; 3 epochs of 96 images are 288.
    const searched = request({ seeds: [1, 2], recipe: { epochs: 3, batchSize: 32 } });
    expect(workOf(searched, candidates(1000, 2000))).toEqual({
      trials: 4,
      macsTimesImages: 2 * 288 * 3000,
      atMost: false,
    });
  });

  it('is what steps and a budget of multiply-adds pay for, where the recipe has them', () => {
    const byStep = request({ seeds: [1], recipe: { steps: 7, batchSize: 10 } });
    expect(workOf(byStep, candidates(1000))).toEqual({ trials: 1, macsTimesImages: 70_000, atMost: false });
    // 25,000 multiply-adds pay for 2 steps of 10 images at 1,000 each, and for 1 at 2,000.
    const byBudget = request({ seeds: [1], recipe: { macsBudget: 25_000, batchSize: 10 } });
    expect(workOf(byBudget, candidates(1000, 2000))).toEqual({
      trials: 2,
      macsTimesImages: 20_000 + 20_000,
      atMost: false,
    });
  });

  it('is the most that the other strategies can come to', () => {
    const recipe = { epochs: 1, batchSize: 100 };
    const halving = request({ seeds: [1, 2, 3], recipe, strategy: { kind: 'halving' } });
    expect(workOf(halving, candidates(10, 20))).toEqual({ trials: 2, macsTimesImages: 3000, atMost: true });
    const racing = (budget: object) => request({ seeds: [1, 2, 3], recipe, strategy: { kind: 'racing', budget } });
    expect(workOf(racing({}), candidates(10, 20))).toEqual({ trials: 6, macsTimesImages: 9000, atMost: true });
    expect(workOf(racing({ trials: 3 }), candidates(10, 20))).toEqual({
      trials: 3,
      macsTimesImages: 6000,
      atMost: true,
    });
    expect(workOf(racing({ macsTimesImages: 500 }), candidates(10, 20))).toEqual({
      trials: 6,
      macsTimesImages: 500,
      atMost: true,
    });
  });
});

describe('the expected time', () => {
  it('is unknown before a trial has completed', () => {
    expect(expectedTime({ macsTimesImages: 1e6 }, [])).toBeNull();
  });

  it('takes the speed of all slots together, over the time in which any of them ran', () => {
    // Two at once from 0 to 10 s, one from 5 to 15 s, none until 100 s, one to 105 s: 400 in 20 s.
    const trainings = [
      { macsTimesImages: 100, startedAt: 100_000, endedAt: 105_000 },
      { macsTimesImages: 100, startedAt: 0, endedAt: 10_000 },
      { macsTimesImages: 100, startedAt: 0, endedAt: 10_000 },
      { macsTimesImages: 100, startedAt: 5000, endedAt: 15_000 },
    ];
    expect(expectedTime({ macsTimesImages: 1000 }, trainings)).toEqual({
      seconds: 50,
      macsTimesImagesPerSecond: 20,
      trials: 4,
    });
  });
});
