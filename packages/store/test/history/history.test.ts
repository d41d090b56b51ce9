import { describe, expect, it } from 'vitest';

import { sampleRequest, sampleResult } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { claim, complete, createRanked, createSample } from '../steps.ts';

const scratch = useScratchStore();

describe('what earlier searches say', () => {
  it('of speed is the work and the time of completed trainings on the same kind of device', async () => {
    const { store } = scratch();
    const { trials } = await createSample(store, 1, [7, 3]);
    const before = Date.now();
    await complete(store, trials.slice(0, 1));
    const [training, ...others] = await store.recentTrainings('cpu');
    expect(others).toEqual([]);
    // 3,000,000,000 multiply-adds, 20 steps of 32 images.
    expect(training?.macsTimesImages).toBe(3e9 * 20 * 32);
    expect(training?.endedAt).toBeGreaterThan(training?.startedAt ?? Infinity);
    // The database's clock is this machine's.
    expect(Math.abs((training?.startedAt ?? 0) - before)).toBeLessThan(60_000);
    expect(await store.recentTrainings('gpu')).toEqual([]);
  });

  it('of accuracy is by seed, for searches that have completed on the same baseline, data and split', async () => {
    const { store } = scratch();
    const of = { baseline: 'efficientnet-micro', dataset: 'mnist', split: sampleRequest().split };
    const open = await createSample(store, 2, [7, 3]);
    for (const [index, job] of open.trials.entries()) {
      await store.completeTrial({ ...(await claim(store, job)), result: sampleResult(0.5 + index / 10) });
    }
    const { searchId, candidateId } = await createRanked(store);
    expect(await store.earlierScores(of)).toEqual([]);
    await complete(store, (await store.beginTesting({ searchId, candidateId, seeds: [7] })) ?? []);
    await store.endSearch({ searchId, state: 'completed', answer: null });
    expect(await store.earlierScores(of)).toEqual([{ searchId, candidates: [new Map([[7, 0.5]])] }]);
    await store.endSearch({ searchId: open.searchId, state: 'completed_with_failures', answer: null });
    expect(await store.earlierScores({ ...of, dataset: 'shapes' })).toEqual([]);
    expect(await store.earlierScores({ ...of, baseline: 'resnet-20' })).toEqual([]);
    expect(await store.earlierScores({ ...of, split: { ...of.split, seed: 1 } })).toEqual([]);
  });
});
