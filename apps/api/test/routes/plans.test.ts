import {
  type SearchPlan,
  searchPlanSchema,
  type SearchRequestInput,
  type TrialSpecification,
} from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleRequest } from '../../../../packages/search/test/sample-request.ts';
import { claimNext, engine, runQueued, steps } from '../../../../packages/search/test/simulated-worker.ts';
import { useService } from '../service.ts';
import { searchResults } from './search-results.ts';

const service = useService();
const { post, advance } = searchResults(service);

async function plan(changes: Partial<SearchRequestInput> = {}): Promise<SearchPlan> {
  const payload = sampleRequest(changes);
  const response = await service().app.inject({ method: 'POST', url: '/v1/plans', payload });
  expect(response.statusCode).toBe(200);
  return searchPlanSchema.parse(response.json());
}

function codesOf({ warnings }: SearchPlan): string[] {
  return warnings.map(({ code }) => code).filter((code) => code !== 'COSTS_DIFFER');
}

/** Deep networks and others are equally good, and which of them a seed favours is chance. */
function noisyAccuracy({ multipliers, seed }: Pick<TrialSpecification, 'multipliers' | 'seed'>): number {
  return multipliers.depth > 1.1 === (seed % 2 === 0) ? 0.93 : 0.87;
}

/** All queued trials at once, as by workers with so many slots. */
async function runAtOnce(): Promise<number> {
  const { store } = service();
  const claimed = [];
  for (let one = await claimNext(store); one !== null; one = await claimNext(store)) claimed.push(one);
  for (const { specification, token } of claimed) {
    const { trialId, fingerprint, seed } = specification;
    await store.recordStart({ trialId, token, engine, steps });
    const weightsHash = `${fingerprint}-${seed}`;
    const accuracies = { validationAccuracy: noisyAccuracy(specification), testAccuracy: null };
    const result = { ...accuracies, weightsHash, validationLoss: 1.6, steps, imagesPerSecond: 500 };
    await store.completeTrial({ trialId, token, result });
  }
  return claimed.length;
}

describe('POST /v1/plans', () => {
  it('says whether the work is what a search comes to, or the most that it may', async () => {
    const { candidates, work } = await plan();
    expect(work).toMatchObject({ trials: 2 * candidates.length, atMost: false });
    expect((await plan({ strategy: 'racing' })).work).toMatchObject({ trials: 32 * candidates.length, atMost: true });
    expect((await plan({ strategy: 'halving' })).work).toMatchObject({ trials: candidates.length, atMost: true });
  });

  it('says what earlier searches tell of this one, and so does the search once it is started', async () => {
    expect(codesOf(await plan({ strategy: { kind: 'racing', batch: 1 }, seeds: [1, 2] }))).toEqual([]);
    const earlier = await post({ seeds: [1, 2] });
    const slots = await runAtOnce();
    expect(slots).toBe(earlier.trials.total);
    await advance();
    await runQueued(service().store, (specification) => ({
      validationAccuracy: noisyAccuracy(specification),
      testAccuracy: 0.9,
      weightsHash: `${specification.fingerprint}-${specification.seed}`,
    }));
    await advance();

    const changes: Partial<SearchRequestInput> = { strategy: { kind: 'racing', batch: 1 }, seeds: [1, 2] };
    const planned = await plan(changes);
    expect(codesOf(planned)).toEqual(['TOO_FEW_SEEDS', 'SLOTS_IDLE']);
    expect(planned.warnings.at(-1)?.message).toContain(`Up to ${slots} trials have run at once here`);
    const started = await post(changes);
    expect(started.notes).toEqual(planned.notes);
    expect(started.notes).toEqual(expect.arrayContaining(planned.warnings.map(({ message }) => message)));
    // All trials of a full grid are queued at its start.
    expect(codesOf(await plan({ seeds: [1, 2] }))).toEqual(['TOO_FEW_SEEDS']);
  });
});
