import { randomUUID } from 'node:crypto';

import type { TrialFailure, TrialJob } from '@compound-search/contracts';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';

import { sampleEngine, sampleEpoch, sampleResult } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { claim, createSample } from '../steps.ts';

const scratch = useScratchStore();

const lost: TrialFailure = { code: 'TRIAL_LOST', message: 'The process died.', step: 3 };
const diverged: TrialFailure = { code: 'TRIAL_DIVERGED', message: 'The loss is not finite.', step: 3 };

async function createJob(): Promise<TrialJob> {
  const { trials } = await createSample(scratch().store, 1, [7]);
  const [job] = trials;
  if (job === undefined) throw new Error('A search of one candidate and seed has one trial');
  return job;
}

async function row(trialId: string): Promise<unknown> {
  const client = new Client({ connectionString: scratch().databaseUrl });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>('SELECT * FROM trial WHERE id = $1', [trialId]);
  await client.end();
  return rows[0];
}

/** Calls twice with the same token, as a holder does that did not get the first answer. */
async function twice<T>(call: () => Promise<T>): Promise<T> {
  const first = await call();
  expect(await call()).toEqual(first);
  return first;
}

describe('a call that is repeated with the same token', () => {
  it('claims a trial once, and runs the same attempt', async () => {
    const { store } = scratch();
    const job = await createJob();
    const token = randomUUID();
    const input = { ...job, workerId: 'worker', leaseSeconds: 15, token };
    const claimed = await twice(() => store.claimTrial(input));
    expect(claimed).toMatchObject({ token, specification: { trialId: job.trialId, attempt: 1 } });
    expect(await store.claimTrial({ ...input, token: randomUUID() })).toBeNull();
    await store.failTrial({ trialId: job.trialId, token, failure: lost });
    expect(await store.claimTrial(input)).toBeNull();
  });

  it('records the start, an epoch and a model once', async () => {
    const { store } = scratch();
    const attempt = await claim(store, await createJob());
    expect(await twice(() => store.recordStart({ ...attempt, engine: sampleEngine, steps: 20 }))).toBe(true);
    expect(await twice(() => store.recordEpoch({ ...attempt, epoch: sampleEpoch(1) }))).toBe(true);
    expect(await twice(() => store.recordModel({ ...attempt, savedModel: Buffer.from('model') }))).toBe(true);
    expect(await twice(() => store.renewLease({ ...attempt, leaseSeconds: 15, step: 12 }))).toBe('held');
    expect((await store.getTrial(attempt.trialId))?.learningCurve).toEqual([sampleEpoch(1)]);
  });

  it('completes a trial, and changes nothing the second time', async () => {
    const { store } = scratch();
    const attempt = await claim(store, await createJob());
    expect(await store.completeTrial({ ...attempt, result: sampleResult(0.7) })).toBe(true);
    const stored = await row(attempt.trialId);
    expect(await store.completeTrial({ ...attempt, result: sampleResult(0.7) })).toBe(true);
    expect(await row(attempt.trialId)).toEqual(stored);
    expect(await store.completeTrial({ ...attempt, result: sampleResult(0.8) })).toBe(false);
    expect(await store.completeTrial({ ...attempt, token: randomUUID(), result: sampleResult(0.7) })).toBe(false);
  });

  it('fails a trial for good, and changes nothing the second time', async () => {
    const { store } = scratch();
    const attempt = await claim(store, await createJob());
    expect(await store.failTrial({ ...attempt, failure: diverged })).toEqual({ state: 'failed' });
    const stored = await row(attempt.trialId);
    expect(await store.failTrial({ ...attempt, failure: diverged })).toEqual({ state: 'failed' });
    expect(await row(attempt.trialId)).toEqual(stored);
    expect(await store.failTrial({ ...attempt, failure: { ...diverged, step: 4 } })).toEqual({ state: 'lost' });
    expect(await store.completeTrial({ ...attempt, result: sampleResult(0.7) })).toBe(false);
  });

  it('fails a trial at its last loss', async () => {
    const { store } = scratch();
    const job = await createJob();
    for (const attempt of [1, 2])
      await store.failTrial({ ...(await claim(store, { ...job, attempt })), failure: lost });
    const last = await claim(store, { ...job, attempt: 3 });
    expect(await twice(() => store.failTrial({ ...last, failure: lost }))).toEqual({ state: 'failed' });
  });
});

const returns = [
  {
    verb: 'failTrial',
    give: (attempt: { trialId: string; token: string }) => scratch().store.failTrial({ ...attempt, failure: lost }),
    answer: (job: TrialJob) => ({ state: 'requeued', job }) as unknown,
    over: { state: 'lost' } as unknown,
  },
  {
    verb: 'releaseTrial',
    give: (attempt: { trialId: string; token: string }) => scratch().store.releaseTrial(attempt),
    answer: (job: TrialJob) => job as unknown,
    over: null as unknown,
  },
];

describe.each(returns)('$verb, which gives a trial back, when it is repeated with the same token', (given) => {
  it('names the same next job, and counts once', async () => {
    const job = await createJob();
    const attempt = await claim(scratch().store, job);
    expect(await given.give(attempt)).toEqual(given.answer({ ...job, attempt: 2 }));
    const stored = await row(job.trialId);
    expect(await given.give(attempt)).toEqual(given.answer({ ...job, attempt: 2 }));
    expect(await row(job.trialId)).toEqual(stored);
  });

  it('does so also when another attempt has begun in between, and leaves that alone', async () => {
    const { store } = scratch();
    const job = await createJob();
    const attempt = await claim(store, job);
    await given.give(attempt);
    const next = await claim(store, { ...job, attempt: 2 });
    const stored = await row(job.trialId);
    expect(await given.give(attempt)).toEqual(given.answer({ ...job, attempt: 2 }));
    expect(await row(job.trialId)).toEqual(stored);
    expect(await store.completeTrial({ ...next, result: sampleResult(0.6) })).toBe(true);
    expect(await given.give(attempt)).toEqual(given.answer({ ...job, attempt: 2 }));
  });

  it('says that the attempt is over where its lease had run out before', async () => {
    const { store } = scratch();
    const job = await createJob();
    const attempt = await claim(store, job, -1);
    await store.expireLeases();
    expect(await given.give(attempt)).toEqual(given.over);
    expect(await given.give({ ...attempt, token: randomUUID() })).toEqual(given.over);
  });
});
