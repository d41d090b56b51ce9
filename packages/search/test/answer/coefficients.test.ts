import { type ErrorCode, networkDocumentSchema, type Point, searchRequestSchema } from '@compound-search/contracts';
import { planSearch } from '@compound-search/grid';
import { candidateScaling, findBaseline } from '@compound-search/networks';
import type { SearchResults, TrialOutcome } from '@compound-search/store';
import { describe, expect, it } from 'vitest';

import { type AnswerSources, toCoefficients } from '../../src/answer/coefficients.ts';
import { rankResults } from '../../src/answer/rank-results.ts';
import { familyOf } from '../../src/answer/use-of-winner.ts';
import { sampleRequest } from '../sample-request.ts';
import { engine } from '../simulated-worker.ts';

const result = {
  validationAccuracy: 0.9,
  validationLoss: 0.5,
  testAccuracy: null,
  steps: 1,
  imagesPerSecond: 1,
  weightsHash: 'weights',
};
const ranked: TrialOutcome = { trialId: 'ranked', seed: 1, state: 'completed', engine, result, failure: null };
const tested: TrialOutcome = { ...ranked, trialId: 'tested', result: { ...result, testAccuracy: 0.8 } };

/** A tested search with one candidate at these points. */
function sourcesAt(points: Point[], test: readonly TrialOutcome[] = [tested]): AnswerSources {
  const results: SearchResults = {
    searchId: 'search',
    state: 'testing',
    revision: 7,
    baseline: { parameters: 1, macs: 1, activations: 1, resolution: [20, 20] },
    winnerCandidateId: 'candidate',
    takenOverTrials: 0,
    importedTrials: 0,
    objective: { kind: 'accuracy' },
    indifference: 0.002,
    resultsVersion: 'version',
    engines: [{ engine, trials: 2 }],
    candidates: [
      {
        candidateId: 'candidate',
        fingerprint: 'network',
        macs: 1,
        trials: { queued: 0, running: 0, completed: 1, failed: 0, cancelled: 0, paused: 0 },
        failedInTraining: 0,
        seeds: [1],
        losses: null,
        accuracies: [0.9],
      },
    ],
  };
  const candidate = {
    fingerprint: 'network',
    multipliers: { depth: 1, width: 1, resolution: 1 },
    resolution: [20, 20],
    repeats: [1],
    channels: [8],
    parameters: 1,
    macs: 1,
    macsRatio: 1,
    activations: 1,
    enlarges: false,
    points,
  };
  return {
    results,
    ranking: rankResults(results),
    tied: [candidate],
    candidate,
    definition: {
      request: searchRequestSchema.parse(sampleRequest({ constraint: { target: 2, tolerance: 0.5 } })),
      network: { name: 'efficientnet-micro' },
    },
    trials: { ranking: [ranked], test },
    state: 'completed',
  };
}

function point(alpha: number, beta: number, product: number): Point {
  return { alpha, beta, gamma: 1, product };
}
function answer(points: Point[]): (number | boolean | null)[] {
  const { alpha, beta, product } = toCoefficients(sourcesAt(points));
  return [alpha, beta, product];
}

describe('toCoefficients', () => {
  it.each([
    ['the product nearest to the target', [point(1.1, 1.2, 1.9), point(1.3, 1.1, 2.05)], [1.3, 1.1, 2.05]],
    ['of equally near products the smaller alpha', [point(1.4, 1.1, 1.9), point(1.3, 1.2, 2.1)], [1.3, 1.2, 2.1]],
    ['of equal alphas the smaller beta', [point(1.3, 1.2, 1.9), point(1.3, 1.1, 2.1)], [1.3, 1.1, 2.1]],
    [
      'the smaller alpha of products that differ by a rounding error alone',
      [point(1.4, 1.1, 1.9 + 1e-15), point(1.3, 1.2, 1.9 - 1e-15)],
      [1.3, 1.2, 1.9 - 1e-15],
    ],
  ])('answers with %s, whatever the order of the points', (_rule, points, expected) => {
    expect(answer(points)).toEqual(expected);
    expect(answer(points.toReversed())).toEqual(expected);
    expect(toCoefficients(sourcesAt(points)).equivalentPoints).toEqual(points);
  });

  it('counts what is missing of the test beside what failed', () => {
    const ended = (state: 'failed' | 'cancelled', code: ErrorCode): TrialOutcome => ({
      ...tested,
      state,
      result: null,
      failure: state === 'failed' ? { code, message: '', step: null } : null,
    });
    const tests = [ended('failed', 'TRIAL_LOST'), ended('failed', 'TRIAL_DIVERGED'), ended('cancelled', 'INTERNAL')];
    const { confidence } = toCoefficients(sourcesAt([point(1, 1, 2)], tests));
    expect(confidence).toMatchObject({ failedTrials: 2, missingTrials: 2 });
  });

  it('says how far the coefficients reach of all networks that cannot be told from the best', () => {
    const sources = sourcesAt([point(1.2, 1.1, 1.92)]);
    const rival = { ...sources.candidate, fingerprint: 'rival', points: [point(1.1, 1.3, 2), point(3, 1, 9)] };
    expect(toCoefficients({ ...sources, tied: [sources.candidate, rival] }).confidence.tiedCoefficients).toEqual({
      alpha: [1.1, 1.2],
      beta: [1.1, 1.3],
      gamma: [1, 1],
    });
  });

  it('calls nothing reproduced where the ranking trial of a seed is not there', () => {
    const points = [point(1, 1, 2)];
    expect(toCoefficients(sourcesAt(points)).confidence.reproduced).toBe(true);
    expect(toCoefficients(sourcesAt(points, [{ ...tested, seed: 2 }])).confidence.reproduced).toBe(false);
  });
});

/** A winner as the planner makes it, of a search over images of one channel and ten classes. */
function plannedSources(): AnswerSources {
  const sources = sourcesAt([point(1.2, 1.1, 1.92)]);
  const baseline = findBaseline('efficientnet-micro');
  const plan = planSearch({
    grid: { alpha: [1.2], beta: [1.1], gamma: [1.15] },
    constraint: sources.definition.request.constraint,
    baseline,
    image: { height: 28, width: 28 },
    scaling: candidateScaling({ channels: 1, classes: 10, recipe: sources.definition.request.recipe }),
  });
  const [candidate] = plan.candidates;
  if (candidate === undefined) throw new Error('The plan has one candidate');
  const { fingerprint } = candidate;
  const candidates = sources.results.candidates.map((entry) => ({ ...entry, fingerprint }));
  const results = { ...sources.results, baseline: plan.baseline, candidates };
  return {
    ...sources,
    candidate,
    tied: [candidate],
    results,
    ranking: rankResults(results),
    definition: { ...sources.definition, network: networkDocumentSchema.parse(baseline) },
  };
}

describe('the use of the coefficients', () => {
  it('is told for the very network that won', () => {
    const { use, network } = toCoefficients(plannedSources());
    expect(use?.timm.arguments).toMatchObject({
      depth_multiplier: 1.2,
      channel_multiplier: 1.1,
      input_size: [1, ...network.resolution],
      num_classes: 10,
    });
    expect(use?.torchvision.reason).toContain('channels');
  });

  it('is the family from phi 0 to 7, of which 0 is the baseline and 1 the winner', () => {
    const { family, network } = toCoefficients(plannedSources());
    expect(family.map(({ phi }) => phi)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const { macs, parameters, channels, repeats } = network;
    expect(family[0]).toMatchObject({ macsRatio: 1, resolution: [20, 20] });
    expect(family[1]).toMatchObject({ macs, parameters, channels, repeats });
  });

  it('is not told where another network would be built than was trained, or the classes are not known', () => {
    const sources = plannedSources();
    const other = { ...sources.candidate, fingerprint: 'network' };
    const results = sourcesAt([point(1.2, 1.1, 1.92)]).results;
    expect(toCoefficients({ ...sources, candidate: other }).use).toBeNull();
    expect(toCoefficients(sourcesAt([point(1.2, 1.1, 1.92)]))).toMatchObject({ use: null, family: [] });
    expect(results.baseline.classes).toBeUndefined();
  });

  it('leaves out of the family what is larger than can be costed', () => {
    const sources = plannedSources();
    const baseline = { definition: sources.definition, baseline: sources.results.baseline };
    const steep = { alpha: 100, beta: 1, gamma: 1 };
    expect(familyOf(baseline, steep, [0, 1, 2, 3]).map(({ phi }) => phi)).toEqual([0, 1]);
  });
});
