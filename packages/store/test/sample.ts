import {
  type Assignment,
  type Candidate,
  type Coefficients,
  coefficientsSchema,
  type Decision,
  type Engine,
  type Epoch,
  type ModelPlan,
  type NetworkDocument,
  type Plan,
  type SearchRequest,
  searchRequestSchema,
  type Strategy,
  type TrialResult,
} from '@compound-search/contracts';

/** Values that a search of the tests is made of: distinct in every field, so that a mix-up shows. */

export function sampleRequest(changes: Partial<SearchRequest> = {}): SearchRequest {
  return {
    ...searchRequestSchema.parse({
      name: 'sample',
      baseline: 'efficientnet-micro',
      dataset: 'mnist',
      grid: { alpha: { from: 1, to: 2, step: 0.05 }, beta: [1, 1.1], gamma: [1.15] },
      seeds: [7, 3],
      strategy: 'full',
    }),
    ...changes,
  };
}

export const sampleHalving: Strategy = {
  kind: 'halving',
  indifference: 0.002,
  batch: 2,
  rungs: { minimumEpochs: 1, reduction: 2 },
  brackets: 1,
  budget: {},
};

export function sampleDecision(
  round: number,
  assignments: readonly Assignment[],
  changes: Partial<Decision> = {},
): Decision {
  return {
    round,
    assignments: [...assignments],
    drops: [],
    stop: null,
    evidence: { leader: null, probabilityBest: null, probabilityIndifferent: null },
    ...changes,
  };
}

/** The store keeps a description as it is; what it may hold is not its concern. */
export const sampleNetwork: NetworkDocument = { name: 'efficientnet-micro', stages: [{ repeats: 2 }], classes: 10 };

export function sampleCandidate(index: number): Candidate {
  return {
    fingerprint: `fingerprint-${index}`,
    multipliers: { depth: 1.2 + index, width: 1.1 + index, resolution: 1.15 + index },
    resolution: [24 + index, 28 + index],
    repeats: [1, 2 + index],
    channels: [8, 16 + index, 32],
    parameters: 46_000 + index,
    macs: 3_000_000_000 + index,
    macsRatio: 1.9 + index / 7,
    activations: 120_000 + index,
    enlarges: index % 2 === 1,
    points: [
      { alpha: 1.2 + index, beta: 1.1, gamma: 1.15, product: 1.92027 },
      { alpha: 1.25 + index, beta: 1.1, gamma: 1.15, product: 2.0002812499999996 },
    ],
  };
}

export function samplePlan(candidates: number): Plan {
  return {
    points: 1_000_000_007,
    feasiblePoints: 2 * candidates,
    baseline: { parameters: 40_000, macs: 1_500_000, activations: 90_000, resolution: [20, 20] },
    candidates: Array.from({ length: candidates }, (_, index) => sampleCandidate(index)),
    notes: ['Images are enlarged.', 'A second note.'],
  };
}

export const sampleEngine: Engine = {
  tensorflow: '2.21.0',
  device: 'cpu',
  platform: 'linux-x64',
  threads: 1,
  settings: 'TF_ENABLE_ONEDNN_OPTS=1',
  program: '0123456789abcdef',
  datasetHash: 'a'.repeat(64),
  fingerprint: 'b'.repeat(64),
};

export function sampleEpoch(epoch: number): Epoch {
  return {
    epoch,
    step: epoch * 10,
    learningRate: 0.008 / epoch,
    trainLoss: 2.3 / epoch,
    trainAccuracy: 0.1 + epoch / 100,
    validationLoss: 2.2 / epoch,
    validationAccuracy: 0.1 + epoch / 90,
    seconds: 1.5,
  };
}

export function sampleResult(validationAccuracy: number): TrialResult {
  return {
    validationAccuracy,
    validationLoss: 1 - validationAccuracy,
    testAccuracy: null,
    steps: 20,
    imagesPerSecond: 512.25,
    weightsHash: 'c'.repeat(64),
  };
}

export const sampleModelPlan: ModelPlan = {
  coefficients: { alpha: 1.2, beta: 1.1, gamma: 1.15 },
  phi: 2.5,
  multipliers: { depth: 1.2 ** 2.5, width: 1.1 ** 2.5, resolution: 1.15 ** 2.5 },
  fingerprint: 'fingerprint of the model',
  resolution: [32, 40],
  repeats: [2, 4],
  channels: [8, 24, 48],
  parameters: 90_000,
  macs: 9_000_000_000,
  image: { height: 28, width: 30, channels: 3 },
  classes: ['cat', 'dog'],
};

export function sampleAnswer(searchId: string): Coefficients {
  const { seeds, split, recipe, constraint, strategy } = sampleRequest();
  const candidate = sampleCandidate(0);
  return {
    searchId,
    state: 'completed',
    alpha: 1.2,
    beta: 1.1,
    gamma: 1.15,
    product: 1.92027,
    constraint,
    equivalentPoints: candidate.points,
    network: coefficientsSchema.shape.network.parse(candidate),
    objective: { kind: 'accuracy' },
    validationAccuracy: { mean: 0.75, standardError: 0.01, seeds: 2 },
    expectedAccuracy: { mean: 0.745, interval: [0.72, 0.77] },
    validationLoss: null,
    expectedLoss: null,
    testAccuracy: null,
    confidence: {
      probabilityBest: 0.8,
      probabilityIndifferent: 0.9,
      indifference: 0.002,
      tiedCandidates: 1,
      tiedCoefficients: { alpha: [1.2, 1.3], beta: [1.1, 1.1], gamma: [1.1, 1.15] },
      rankedCandidates: 3,
      failedTrials: 0,
      missingTrials: 0,
      reproduced: null,
    },
    baseline: 'efficientnet-micro',
    dataset: 'mnist',
    split,
    recipe,
    seeds,
    strategy,
    engine: sampleEngine,
    engines: [{ engine: sampleEngine, trials: 2 }],
    takenOverTrials: 1,
    importedTrials: 2,
    use: null,
    family: [],
    answerVersion: 2,
  };
}
