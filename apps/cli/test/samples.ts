import {
  type Candidate,
  type Leaderboard,
  type LeaderboardRow,
  type RankingTrialCounts,
  searchRequestSchema,
  type SearchView,
  type TrialComparison,
  type TrialCounts,
  type TrialDetail,
} from '@compound-search/contracts';

import { smallSearch } from './small-search.ts';

export function counts(some: Partial<TrialCounts> = {}): TrialCounts {
  return {
    total: 4,
    queued: 0,
    running: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
    paused: 0,
    ...some,
  };
}

export function rankingCounts(some: Partial<RankingTrialCounts> = {}): RankingTrialCounts {
  const { failedBy = { training: 0, infrastructure: 0 }, ...states } = some;
  return { ...counts(states), failedBy };
}

export const candidate: Candidate = {
  fingerprint: 'f1',
  multipliers: { depth: 1.2, width: 1.1, resolution: 1.15 },
  resolution: [24, 24],
  repeats: [2, 3],
  channels: [12, 16, 104],
  parameters: 45_876,
  macs: 1_340_000,
  macsRatio: 2.41,
  activations: 52_517,
  enlarges: false,
  points: [{ alpha: 1.2, beta: 1.1, gamma: 1.15, product: 1.92027 }],
};

export function row(some: Partial<LeaderboardRow> = {}): LeaderboardRow {
  return {
    ...candidate,
    candidateId: 'c1',
    rank: 1,
    validationAccuracy: { mean: 0.9712, standardError: 0.0021, seeds: 2 },
    expectedAccuracy: { mean: 0.9704, interval: [0.9651, 0.9762] },
    validationLoss: null,
    expectedLoss: null,
    tied: false,
    probabilityBest: 0.61,
    behindBest: null,
    paretoOptimal: true,
    reward: 0.9,
    trials: rankingCounts({ completed: 4 }),
    ...some,
  };
}

export function leaderboard(rows: readonly LeaderboardRow[]): Leaderboard {
  return {
    searchId: 's1',
    state: 'completed',
    revision: 9,
    engines: [],
    next: null,
    baseline: { parameters: 27_100, macs: 556_488, activations: 26_000, resolution: [20, 20] },
    rows: [...rows],
  };
}

export function search(some: Partial<SearchView> = {}): SearchView {
  return {
    id: 's1',
    state: 'running',
    revision: 3,
    request: searchRequestSchema.parse(smallSearch),
    priority: 0,
    points: 125,
    feasiblePoints: 9,
    candidates: 2,
    round: 1,
    stop: null,
    trials: counts({ completed: 1, running: 2, queued: 1 }),
    testTrials: counts({ total: 0 }),
    takenOverTrials: 0,
    importedTrials: 0,
    extends: null,
    progress: { fraction: 0.25, secondsLeft: 75 },
    notes: [],
    createdAt: '2026-01-02T03:04:05.000Z',
    endedAt: null,
    ...some,
  };
}

export function trial(some: Partial<TrialDetail> = {}): TrialDetail {
  return {
    id: 't1',
    searchId: 's1',
    candidateId: 'c1',
    purpose: 'ranking',
    seed: 1,
    state: 'completed',
    attempt: 1,
    round: 1,
    epochs: null,
    multipliers: candidate.multipliers,
    rerunOf: null,
    takenOverFrom: null,
    origin: 'trained',
    step: 20,
    steps: 20,
    engine: null,
    result: null,
    failure: null,
    createdAt: '2026-01-02T03:04:05.000Z',
    startedAt: null,
    endedAt: null,
    learningCurve: [],
    ...some,
  };
}

/** A rerun that came to the same. */
export function comparison(some: Partial<TrialComparison> = {}): TrialComparison {
  return {
    trialId: 't1',
    rerunId: 't2',
    state: 'completed',
    equal: true,
    firstDifference: null,
    weightsHash: { recorded: 'cccc', rerun: 'cccc' },
    engine: { recorded: null, rerun: null },
    engineDifferences: [],
    failure: null,
    ...some,
  };
}
