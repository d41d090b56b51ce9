import { randomUUID } from 'node:crypto';

import { errorCatalogue, type ErrorCode, type TrialDetail, type TrialJob } from '@compound-search/contracts';
import { createStore } from '@compound-search/store';
import { describe, expect, it } from 'vitest';

import { sampleEngine, sampleEpoch, sampleResult } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { claim, createSample } from '../steps.ts';

const scratch = useScratchStore();

function createTrials(candidates: number, seeds = [1]) {
  return createSample(scratch().store, candidates, seeds);
}

async function createTrial(): Promise<{ searchId: string; job: TrialJob }> {
  const { searchId, trials } = await createTrials(1);
  const [job] = trials;
  if (job === undefined) throw new Error('A search of one candidate and seed has one trial');
  return { searchId, job };
}

async function trialOf({ trialId }: { trialId: string }): Promise<TrialDetail> {
  const trial = await scratch().store.getTrial(trialId);
  if (trial === null) throw new Error('The trial is gone');
  return trial;
}

const lost = { code: 'TRIAL_LOST', message: 'The process died.', step: null } as const;

describe('claimTrial', () => {
  it('gives each of nine trials to exactly one of eight claimers that all want all of them', async () => {
    const { trials } = await createTrials(9);
    const claimers = Array.from({ length: 8 }, (_, index) => ({
      workerId: `worker-${index}`,
      store: createStore({ databaseUrl: scratch().databaseUrl, poolSize: 2 }),
    }));
    const claims = await Promise.all(
      claimers.map(async ({ store, workerId }) => {
        const all = await Promise.all(trials.map((job) => store.claimTrial({ ...job, workerId, leaseSeconds: 15 })));
        return all.filter((claimed) => claimed !== null);
      }),
    );
    await Promise.all(claimers.map(({ store }) => store.close()));
    const claimed = claims.flat();
    expect(claimed.map(({ specification }) => specification.trialId).toSorted()).toEqual(
      trials.map(({ trialId }) => trialId).toSorted(),
    );
    expect(new Set(claimed.map(({ token }) => token)).size).toBe(9);
  });

  it('refuses an attempt that is out of date, and trials that do not exist', async () => {
    const { store } = scratch();
    const { job } = await createTrial();
    const terms = { workerId: 'worker', leaseSeconds: 15 };
    expect(await store.claimTrial({ trialId: job.trialId, attempt: 2, ...terms })).toBeNull();
    expect(await store.claimTrial({ trialId: randomUUID(), attempt: 1, ...terms })).toBeNull();
    expect(await store.claimTrial({ trialId: 'none; drop table trial', attempt: 1, ...terms })).toBeNull();
    expect((await trialOf(job)).state).toBe('queued');
  });
});

describe('an attempt that is over', () => {
  it('changes nothing any more: its late writes are refused and the counts add up', async () => {
    const { store } = scratch();
    const { searchId, job } = await createTrial();
    const slow = await claim(scratch().store, job, -1);
    const { requeued } = await store.expireLeases();
    expect(requeued).toContainEqual({ trialId: job.trialId, attempt: 2 });
    const quick = await claim(scratch().store, { ...job, attempt: 2 });
    expect(quick.token).not.toBe(slow.token);

    expect(await store.recordStart({ ...slow, engine: sampleEngine, steps: 99 })).toBe(false);
    expect(await store.recordEpoch({ ...slow, epoch: sampleEpoch(1) })).toBe(false);
    expect(await store.renewLease({ ...slow, leaseSeconds: 15, step: 99 })).toBe('lost');
    expect(await store.completeTrial({ ...slow, result: sampleResult(0.1) })).toBe(false);
    expect(await store.failTrial({ ...slow, failure: lost })).toEqual({ state: 'lost' });
    expect(await store.releaseTrial(slow)).toBeNull();
    expect(await trialOf(job)).toMatchObject({ state: 'running', attempt: 2, step: 0, steps: null, learningCurve: [] });

    expect(await store.completeTrial({ ...quick, result: sampleResult(0.9) })).toBe(true);
    expect(await store.completeTrial({ ...slow, result: sampleResult(0.1) })).toBe(false);
    expect(await store.completeTrial({ ...quick, result: sampleResult(0.2) })).toBe(false);
    expect((await trialOf(job)).result).toEqual(sampleResult(0.9));
    expect((await store.getSearch(searchId))?.trials).toEqual({
      total: 1,
      queued: 0,
      running: 0,
      completed: 1,
      failed: 0,
      cancelled: 0,
      paused: 0,
    });
  });

  it('cannot be revived with a token that was made up', async () => {
    const { store } = scratch();
    const { job } = await createTrial();
    await claim(scratch().store, job);
    const forged = { trialId: job.trialId, token: randomUUID() };
    expect(await store.renewLease({ ...forged, leaseSeconds: 15, step: 1 })).toBe('lost');
    expect(await store.completeTrial({ ...forged, result: sampleResult(1) })).toBe(false);
    expect(await store.renewLease({ trialId: 'x', token: 'y', leaseSeconds: 15, step: 1 })).toBe('lost');
  });
});

describe('expireLeases', () => {
  it('leaves attempts alone that renew in time', async () => {
    const { store } = scratch();
    const { job } = await createTrial();
    const attempt = await claim(scratch().store, job, -1);
    expect(await store.renewLease({ ...attempt, leaseSeconds: 15, step: 3 })).toBe('held');
    const { requeued, failed } = await store.expireLeases();
    expect([...requeued, ...failed].map(({ trialId }) => trialId)).not.toContain(job.trialId);
    expect(await trialOf(job)).toMatchObject({ state: 'running', attempt: 1, step: 3 });
  });

  it('never gives up a trial that finishes another epoch in every attempt, and counts losses in a row only', async () => {
    const { store } = scratch();
    const { trials } = await createSample(store, 1, [7]);
    let job = trials[0];
    const lose = async (epochs: number) => {
      const attempt = await claim(store, job, -1);
      for (let epoch = 1; epoch <= epochs; epoch += 1)
        await store.recordEpoch({ ...attempt, epoch: sampleEpoch(epoch) });
      const { requeued, failed } = await store.expireLeases();
      job = requeued.find(({ trialId }) => trialId === job?.trialId);
      return failed.some(({ trialId }) => trialId === attempt.trialId) ? 'failed' : 'queued';
    };
    // Each comes an epoch further than any before, for longer than losses without progress would be borne.
    for (const epochs of [1, 2, 3, 4, 5]) expect(await lose(epochs)).toBe('queued');
    // The fifth loss was the first in a row; one more may follow that comes no further, and the next is the third.
    expect(await lose(5)).toBe('queued');
    expect(await lose(3)).toBe('failed');
  });

  it('queues a lost trial twice and ends it as failed with TRIAL_LOST at the third loss', async () => {
    const { store } = scratch();
    const { job } = await createTrial();
    for (const attempt of [1, 2]) {
      await claim(scratch().store, { ...job, attempt }, -1);
      expect((await store.expireLeases()).requeued).toContainEqual({
        trialId: job.trialId,
        attempt: attempt + 1,
      });
      expect(await trialOf(job)).toMatchObject({ state: 'queued', attempt: attempt + 1, failure: null });
    }
    await claim(scratch().store, { ...job, attempt: 3 }, -1);
    expect((await store.expireLeases()).failed).toContainEqual({ trialId: job.trialId });
    expect(await trialOf(job)).toMatchObject({ state: 'failed', attempt: 3, failure: { code: 'TRIAL_LOST' } });
    expect(await store.claimTrial({ ...job, attempt: 4, workerId: 'worker', leaseSeconds: 15 })).toBeNull();
  });

  it('ends each attempt once when several services sweep at the same time', async () => {
    const { store, databaseUrl } = scratch();
    const { trials } = await createTrials(12);
    await Promise.all(trials.map((job) => claim(scratch().store, job, -1)));
    const sweepers = Array.from({ length: 4 }, () => createStore({ databaseUrl, poolSize: 1 }));
    const swept = await Promise.all(sweepers.map((sweeper) => sweeper.expireLeases()));
    await Promise.all(sweepers.map((sweeper) => sweeper.close()));
    const mine = new Set(trials.map(({ trialId }) => trialId));
    const requeued = swept.flatMap((one) => one.requeued).filter(({ trialId }) => mine.has(trialId));
    expect(requeued.map(({ trialId }) => trialId).toSorted()).toEqual([...mine].toSorted());
    expect((await trialOf(trials[0] ?? { trialId: '' })).attempt).toBe(2);
    await store.expireLeases();
    expect((await trialOf(trials[0] ?? { trialId: '' })).attempt).toBe(2);
  });
});

describe('failTrial', () => {
  const codes = Object.keys(errorCatalogue) as ErrorCode[];

  it.each(codes)('decides by the catalogue whether a trial that ended with %s runs again', async (code) => {
    const { store } = scratch();
    const { job } = await createTrial();
    const failure = { code, message: 'A reason.', step: 7 };
    const outcome = await store.failTrial({ ...(await claim(scratch().store, job)), failure });
    if (errorCatalogue[code].retry) {
      expect(outcome).toEqual({ state: 'requeued', job: { trialId: job.trialId, attempt: 2 } });
      expect(await trialOf(job)).toMatchObject({ state: 'queued', failure: null, endedAt: null });
    } else {
      expect(outcome).toEqual({ state: 'failed' });
      expect(await trialOf(job)).toMatchObject({ state: 'failed', failure, result: null });
    }
  });

  it('counts its losses together with expired leases', async () => {
    const { store } = scratch();
    const { job } = await createTrial();
    await store.failTrial({ ...(await claim(scratch().store, job)), failure: lost });
    await claim(scratch().store, { ...job, attempt: 2 }, -1);
    await store.expireLeases();
    expect(await store.failTrial({ ...(await claim(scratch().store, { ...job, attempt: 3 })), failure: lost })).toEqual(
      {
        state: 'failed',
      },
    );
    expect(await trialOf(job)).toMatchObject({ state: 'failed', failure: lost });
  });
});

describe('releaseTrial', () => {
  it('gives a trial back as often as workers stop, without counting a loss', async () => {
    const { store } = scratch();
    const { job } = await createTrial();
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const released = await store.releaseTrial(await claim(scratch().store, { ...job, attempt }));
      expect(released).toEqual({ trialId: job.trialId, attempt: attempt + 1 });
    }
    expect(
      await store.failTrial({ ...(await claim(scratch().store, { ...job, attempt: 6 })), failure: lost }),
    ).toMatchObject({
      state: 'requeued',
    });
  });

  it('leaves nothing of the attempt but its part of the record', async () => {
    const { store } = scratch();
    const { job } = await createTrial();
    const attempt = await claim(scratch().store, job);
    await store.recordStart({ ...attempt, engine: sampleEngine, steps: 20 });
    await store.recordEpoch({ ...attempt, epoch: sampleEpoch(1) });
    expect((await trialOf(job)).learningCurve).toEqual([sampleEpoch(1)]);
    await store.releaseTrial(attempt);
    expect(await trialOf(job)).toMatchObject({
      state: 'queued',
      step: 0,
      steps: null,
      engine: null,
      startedAt: null,
      learningCurve: [],
    });
  });
});

describe('recordEpoch', () => {
  it('keeps the first of two reports of the same epoch and never lets the step go back', async () => {
    const { store } = scratch();
    const { job } = await createTrial();
    const attempt = await claim(scratch().store, job);
    await store.renewLease({ ...attempt, leaseSeconds: 15, step: 50 });
    expect(await store.recordEpoch({ ...attempt, epoch: sampleEpoch(2) })).toBe(true);
    expect(await store.recordEpoch({ ...attempt, epoch: { ...sampleEpoch(2), trainLoss: 9 } })).toBe(true);
    expect(await store.recordEpoch({ ...attempt, epoch: sampleEpoch(1) })).toBe(true);
    expect(await trialOf(job)).toMatchObject({ step: 50, learningCurve: [sampleEpoch(1), sampleEpoch(2)] });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d, which no record may hold', async (trainLoss) => {
    const { store } = scratch();
    const { job } = await createTrial();
    const attempt = await claim(scratch().store, job);
    await expect(store.recordEpoch({ ...attempt, epoch: { ...sampleEpoch(1), trainLoss } })).rejects.toThrow();
    await expect(
      store.completeTrial({ ...attempt, result: { ...sampleResult(0.5), validationLoss: trainLoss } }),
    ).rejects.toThrow();
    expect(await trialOf(job)).toMatchObject({ state: 'running', learningCurve: [], result: null });
  });
});
