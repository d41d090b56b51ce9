import { randomUUID } from 'node:crypto';

import type { Curve, Epoch, TrialJob } from '@compound-search/contracts';
import { describe, expect, it } from 'vitest';

import { sampleDecision, sampleEpoch, sampleHalving, sampleNetwork, samplePlan, sampleRequest } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { claim, createSample } from '../steps.ts';

const scratch = useScratchStore();

async function curvesOf(searchId: string, request = {}): Promise<readonly Curve[]> {
  return (await scratch().store.listCurves(searchId, { limit: 50, points: 50, ...request }))?.items ?? [];
}

/** A search of one trial that has trained epochs with these validation accuracies. */
async function trained(accuracies: readonly number[], changes: (epoch: Epoch) => Partial<Epoch> = () => ({})) {
  const { store } = scratch();
  const { searchId, trials } = await createSample(store, 1, [7]);
  const attempt = await claim(store, trials[0]);
  for (const [index, validationAccuracy] of accuracies.entries()) {
    const epoch = { ...sampleEpoch(index + 1), validationAccuracy };
    await store.recordEpoch({ ...attempt, epoch: { ...epoch, ...changes(epoch) } });
  }
  return { searchId, attempt };
}

describe('listCurves', () => {
  it('has the numbers of each epoch at the same place of every column', async () => {
    const { searchId, attempt } = await trained([0.2, 0.3]);
    const [first, second] = [sampleEpoch(1), sampleEpoch(2)];
    expect(await curvesOf(searchId)).toMatchObject([
      {
        trialId: attempt.trialId,
        fingerprint: 'fingerprint-0',
        purpose: 'ranking',
        seed: 7,
        state: 'running',
        attempt: 1,
        epochs: 2,
        epoch: [1, 2],
        trainLoss: [first.trainLoss, second.trainLoss],
        validationLoss: [first.validationLoss, second.validationLoss],
        validationAccuracy: [0.2, 0.3],
      },
    ]);
  });

  it('has empty columns of a trial without epochs', async () => {
    const { searchId } = await createSample(scratch().store, 1, [7]);
    const empty = { epochs: 0, epoch: [], trainLoss: [], validationLoss: [], validationAccuracy: [] };
    expect(await curvesOf(searchId)).toMatchObject([empty]);
  });

  it.each([
    { points: 3, kept: [1, 7, 20] },
    // The best, and 1 + 19 j / 4 rounded up: 1, 5.75, 10.5, 15.25 and 20.
    { points: 6, kept: [1, 6, 7, 11, 16, 20] },
    { points: 20, kept: Array.from({ length: 20 }, (_, index) => index + 1) },
  ])(
    'keeps the first, the last and the earliest of the best epochs of $points, the rest at equal distances',
    async (one) => {
      const accuracies = Array.from({ length: 20 }, (_, index) => (index === 6 || index === 12 ? 0.9 : 0.5));
      const { searchId } = await trained(accuracies);
      const [curve] = await curvesOf(searchId, { points: one.points });
      expect(curve?.epoch).toEqual(one.kept);
      expect(curve?.validationAccuracy).toEqual(one.kept.map((epoch) => accuracies[epoch - 1]));
      expect(curve?.epochs).toBe(20);
    },
  );

  it('never has more points than it may, nor loses an end, for any number of epochs and points', async () => {
    const { searchId } = await trained(Array.from({ length: 23 }, (_, index) => index / 100));
    for (let points = 3; points <= 24; points += 1) {
      const [curve] = await curvesOf(searchId, { points });
      const kept = curve?.epoch ?? [];
      expect(kept.length).toBeLessThanOrEqual(points);
      // The last is the best here, so that one point may be left over.
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(points - 1, 23));
      expect([kept.at(0), kept.at(-1)]).toEqual([1, 23]);
    }
  });

  it('takes the epoch with the least loss for the best where candidates are ranked by loss', async () => {
    const { store } = scratch();
    const request = sampleRequest({ seeds: [7], objective: { kind: 'loss' } });
    const { searchId, trials } = await store.createSearch({ network: sampleNetwork, request, plan: samplePlan(1) });
    const attempt = await claim(store, trials[0]);
    for (const [index, validationLoss] of [3, 2, 2, 1, 2, 2, 2].entries()) {
      await store.recordEpoch({ ...attempt, epoch: { ...sampleEpoch(index + 1), validationLoss } });
    }
    expect((await curvesOf(searchId, { points: 3 }))[0]?.epoch).toEqual([1, 4, 7]);
  });

  it('has nothing of an attempt that was lost, and what one before a pause has trained', async () => {
    const { store } = scratch();
    const { searchId, attempt } = await trained([0.2, 0.3]);
    await store.releaseTrial(attempt);
    const next = await claim(store, { trialId: attempt.trialId, attempt: 2 });
    expect((await curvesOf(searchId))[0]).toMatchObject({ attempt: 2, epochs: 0, epoch: [] });
    await store.recordEpoch({ ...next, epoch: sampleEpoch(1) });
    expect((await curvesOf(searchId))[0]).toMatchObject({ epochs: 1, epoch: [1] });
  });

  it('goes on where a trial that was paused has stopped, as the curve of that trial does', async () => {
    const { store } = scratch();
    const paused = await pausedTrial();
    const [job] =
      (await store.takeDecision({
        searchId: paused.searchId,
        decision: sampleDecision(2, [{ fingerprint: 'fingerprint-0', seed: 7, epochs: null }]),
      })) ?? [];
    const attempt = await claim(store, job);
    await store.recordEpoch({ ...attempt, epoch: sampleEpoch(2) });
    const detail = await store.getTrial(attempt.trialId);
    const [curve] = await curvesOf(paused.searchId);
    expect(curve?.epoch).toEqual([1, 2]);
    expect(curve?.epoch).toEqual(detail?.learningCurve.map(({ epoch }) => epoch));
  });

  it('picks by network, seed and state, and comes in pages', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createSample(store, 3);
    await claim(store, trials[3]);
    const idsOf = (curves: readonly Curve[]) => curves.map(({ trialId }) => trialId);
    const all = trials.map(({ trialId }: TrialJob) => trialId);
    expect(idsOf(await curvesOf(searchId))).toEqual(all);
    expect(new Set((await curvesOf(searchId, { seed: 3 })).map(({ seed }) => seed))).toEqual(new Set([3]));
    expect(await curvesOf(searchId, { fingerprint: 'fingerprint-1' })).toMatchObject([
      { fingerprint: 'fingerprint-1' },
      { fingerprint: 'fingerprint-1' },
    ]);
    expect(idsOf(await curvesOf(searchId, { state: 'running' }))).toEqual([all[3]]);
    const first = await store.listCurves(searchId, { limit: 4, points: 3 });
    const second = await store.listCurves(searchId, { limit: 4, points: 3, cursor: first?.next ?? undefined });
    expect(idsOf([...(first?.items ?? []), ...(second?.items ?? [])])).toEqual(all);
    expect(second?.next).toBeNull();
  });

  it('knows nothing of searches that do not exist', async () => {
    for (const id of [randomUUID(), 'none', '']) {
      expect(await scratch().store.listCurves(id, { limit: 1, points: 3 })).toBeNull();
    }
  });
});

/** A search by halving, whose only trial has trained its first epoch and waits. */
async function pausedTrial(): Promise<{ searchId: string }> {
  const { store } = scratch();
  const { searchId, trials } = await store.createSearch({
    network: sampleNetwork,
    request: sampleRequest({ seeds: [7], strategy: sampleHalving }),
    plan: samplePlan(1),
    opening: [sampleDecision(1, [{ fingerprint: 'fingerprint-0', seed: 7, epochs: 1 }])],
  });
  const attempt = await claim(store, trials[0]);
  await store.recordEpoch({ ...attempt, epoch: sampleEpoch(1) });
  await store.pauseTrial(attempt);
  return { searchId };
}

describe('the revision of a search', () => {
  it('tells of an epoch also where a renewal has told of its last step before', async () => {
    const { store } = scratch();
    const { searchId, attempt } = await trained([]);
    await store.renewLease({ ...attempt, leaseSeconds: 15, step: 10 });
    const before = await store.getRevision(searchId);
    await store.recordEpoch({ ...attempt, epoch: sampleEpoch(1) });
    const after = await store.getRevision(searchId);
    expect(after).not.toBe(before);
    await store.recordEpoch({ ...attempt, epoch: sampleEpoch(1) });
    expect(await store.getRevision(searchId)).toBe(after);
  });
});
