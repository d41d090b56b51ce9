import { openingDecisions } from '@compound-search/allocation';
import {
  type Estimate,
  type LeaderboardOrder,
  type SearchRequestInput,
  searchRequestSchema,
  type TrialSpecification,
} from '@compound-search/contracts';
import { findBaseline } from '@compound-search/networks';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';

import { reconcile } from '../../src/advance/reconcile.ts';
import { toAllocationRequest } from '../../src/allocation-request.ts';
import { readCoefficients } from '../../src/answer/coefficients.ts';
import { readLeaderboard } from '../../src/answer/leaderboard.ts';
import { planRequest } from '../../src/plan/plan-request.ts';
import { sampleRequest } from '../sample-request.ts';
import { useRecord } from '../search-service.ts';
import { claimNext, engine, steps } from '../simulated-worker.ts';

const record = useRecord();
const log = pino({ level: 'silent' });
const network = findBaseline('efficientnet-micro');

/** Accuracies that all but tie, and losses that tell the candidates apart: the shallower, the less. */
function resultOf({ fingerprint, multipliers, purpose, seed }: TrialSpecification) {
  return {
    validationAccuracy: 0.9 + multipliers.depth / 1000 + seed / 10_000,
    validationLoss: 0.2 + multipliers.depth / 10 + multipliers.width / 20 + ((seed * 7) % 5) / 1000,
    testAccuracy: purpose === 'test' ? 0.85 : null,
    steps,
    imagesPerSecond: 100,
    weightsHash: `${fingerprint} ${seed}`,
  };
}

async function train(): Promise<void> {
  const { store } = record();
  for (let claimed = await claimNext(store); claimed !== null; claimed = await claimNext(store)) {
    const { specification, token } = claimed;
    const { trialId } = specification;
    await store.recordStart({ trialId, token, engine, steps });
    await store.completeTrial({ trialId, token, result: resultOf(specification) });
  }
}

async function run(changes: Partial<SearchRequestInput>): Promise<string> {
  const { store, queue } = record();
  const request = searchRequestSchema.parse(sampleRequest({ reuse: false, objective: { kind: 'loss' }, ...changes }));
  const plan = await planRequest(request, network, { maximumCandidates: 100 });
  const opening = openingDecisions(toAllocationRequest(request, plan.candidates));
  const { searchId } = await store.createSearch({ request, network, plan, opening });
  for (let ended = false; !ended; ended = (await store.getSearch(searchId))?.endedAt !== null) {
    await train();
    await reconcile({ store, queue, log });
  }
  return searchId;
}

async function leaderboardOf(searchId: string, order: LeaderboardOrder = { sort: 'rank' }) {
  const { rows } = (await readLeaderboard(record().store, searchId, { limit: 100, order })) ?? { rows: [] };
  const [best] = rows;
  if (best === undefined || rows.length < 4) throw new Error('The search has too few rows');
  return { best, rows };
}

function meanOf(estimate: Estimate | null): number {
  return estimate?.mean ?? NaN;
}

function ascending(numbers: readonly number[]): number[] {
  return numbers.toSorted((one, other) => one - other);
}

describe.each(['full', 'racing'] as const)('a search that ranks by loss, by the strategy %s', (strategy) => {
  it('has the least loss first, and tells losses, differences and the indifference in nats', async () => {
    const searchId = await run({ strategy, seeds: [1, 2, 3, 4] });
    const { best, rows } = await leaderboardOf(searchId);
    const losses = rows.map(({ validationLoss }) => meanOf(validationLoss));
    expect(losses).toEqual(ascending(losses));
    const accuracies = rows.map(({ validationAccuracy }) => meanOf(validationAccuracy));
    expect(meanOf(best.validationAccuracy)).toBeLessThan(Math.max(...accuracies));
    expect(best).toMatchObject({ rank: 1, expectedAccuracy: null, behindBest: null });
    const { mean, interval } = best.expectedLoss ?? { mean: NaN, interval: [] };
    expect([...interval, mean]).toEqual([interval[0], interval[1], ascending([...interval, mean])[1]]);
    expect(rows[1]?.behindBest?.difference).toBeGreaterThan(0);

    const answer = await readCoefficients(record().store, searchId);
    expect(answer).toMatchObject({
      objective: { kind: 'loss' },
      network: { fingerprint: best.fingerprint },
      validationLoss: best.validationLoss,
      expectedLoss: best.expectedLoss,
      expectedAccuracy: null,
      confidence: { indifference: 0.01 },
    });
    expect(answer?.confidence.probabilityBest).toBeGreaterThan(0.5);
  });

  it('sorts its leaderboard by loss, the least first', async () => {
    const searchId = await run({ strategy, seeds: [1, 2, 3, 4] });
    const { rows } = await leaderboardOf(searchId, { sort: 'loss' });
    const losses = rows.map(({ validationLoss }) => meanOf(validationLoss));
    expect(losses).toEqual(ascending(losses));
  });
});
