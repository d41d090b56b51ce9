import type { AttemptWords, LoggedAttempt, TrialJob } from '@compound-search/contracts';
import type { Store } from '@compound-search/store';
import { describe, expect, it } from 'vitest';

import { sampleEngine, sampleEpoch, sampleResult } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { claim, createSample } from '../steps.ts';

const scratch = useScratchStore();

async function createTrial(): Promise<{ store: Store; searchId: string; job: TrialJob }> {
  const { store } = scratch();
  const { searchId, trials } = await createSample(store, 1, [7]);
  const [job] = trials;
  if (job === undefined) throw new Error('A search of one candidate and seed has one trial');
  return { store, searchId, job };
}

async function logOf({ trialId }: TrialJob): Promise<LoggedAttempt[]> {
  const log = await scratch().store.getTrialLog(trialId);
  if (log === null) throw new Error('The trial is gone');
  expect(log.trialId).toBe(trialId);
  return log.attempts;
}

const words: AttemptWords = { warnings: ['The disk is slow.'], lastWords: 'said last' };
const lost = { code: 'TRIAL_LOST', message: 'The process died.', step: null } as const;
const diverged = { code: 'TRIAL_DIVERGED', message: 'The loss is not finite.', step: 3 } as const;
const start = { engine: sampleEngine, steps: 20 };
const task = {
  dataset: 'mnist',
  device: 'cpu',
  seed: 7,
  batchSize: 32,
  epochs: 2,
  pauseAfter: null,
  resumedFrom: { epoch: 1, step: 10 },
} as const;

describe('the log of a trial', () => {
  it('is empty before the first attempt, and there is none of a trial that is not there', async () => {
    const { store, job } = await createTrial();
    expect(await logOf(job)).toEqual([]);
    expect(await store.getTrialLog('00000000-0000-4000-8000-000000000000')).toBeNull();
    expect(await store.getTrialLog('none')).toBeNull();
  });

  it('tells of the attempt under way who trains it, and what it is to do', async () => {
    const { store, job } = await createTrial();
    const attempt = await claim(store, job);
    const begun: LoggedAttempt = {
      attempt: 1,
      workerId: 'worker',
      host: null,
      beganAt: (await store.getTrial(job.trialId))?.startedAt ?? '',
      endedAt: null,
      outcome: null,
      failure: null,
      parameters: null,
      warnings: [],
      lastWords: null,
    };
    expect(await logOf(job)).toEqual([begun]);
    await store.recordStart({ ...attempt, ...start, task });
    expect(await logOf(job)).toEqual([{ ...begun, parameters: { ...task, ...start } }]);
  });

  it('names the host of a worker that has told it', async () => {
    const { store, job } = await createTrial();
    const id = '00000000-0000-4000-8000-000000000001';
    const description = { host: 'machine-7', pid: 4, version: '1', processor: 'x64', device: 'cpu', slots: 1 } as const;
    await store.reportWorker({ id, ...description, upSeconds: 1, engine: null, unfit: null });
    await store.claimTrial({ ...job, workerId: id, leaseSeconds: 15 });
    expect(await logOf(job)).toMatchObject([{ workerId: id, host: 'machine-7' }]);
  });

  it('keeps what became of a completed attempt, and what its training said', async () => {
    const { store, job } = await createTrial();
    const attempt = await claim(store, job);
    await store.recordStart({ ...attempt, ...start, task });
    await store.completeTrial({ ...attempt, result: sampleResult(0.5), words });
    const trial = await store.getTrial(job.trialId);
    expect(await logOf(job)).toMatchObject([
      { outcome: 'completed', endedAt: trial?.endedAt, failure: null, parameters: { batchSize: 32 }, ...words },
    ]);
  });

  it('has one entry for each attempt, in order: lost to silence, lost by its process, released, failed', async () => {
    const { store, job } = await createTrial();
    const silent = await claim(store, job, -1);
    await store.recordStart({ ...silent, ...start, task });
    await store.expireLeases();
    await store.failTrial({ ...(await claim(store, { ...job, attempt: 2 })), failure: lost, words });
    await store.releaseTrial({ ...(await claim(store, { ...job, attempt: 3 })), words });
    await store.failTrial({ ...(await claim(store, { ...job, attempt: 4 })), failure: diverged, words });
    expect(await logOf(job)).toMatchObject([
      {
        attempt: 1,
        outcome: 'lost',
        failure: { code: 'TRIAL_LOST', message: 'The process of the trial stopped renewing its lease.' },
        parameters: { resumedFrom: { epoch: 1, step: 10 } },
        lastWords: null,
      },
      { attempt: 2, outcome: 'lost', failure: lost, parameters: null, ...words },
      { attempt: 3, outcome: 'released', failure: null, ...words },
      { attempt: 4, outcome: 'failed', failure: diverged, ...words },
    ]);
    expect((await logOf(job)).every(({ endedAt }) => endedAt !== null)).toBe(true);
  });

  it('says that the third loss in a row has failed the trial', async () => {
    const { store, job } = await createTrial();
    for (const attempt of [1, 2, 3]) {
      await claim(store, { ...job, attempt }, -1);
      await store.expireLeases();
    }
    expect((await logOf(job)).map(({ outcome }) => outcome)).toEqual(['lost', 'lost', 'failed']);
  });

  it('tells a loss apart from a release also where the attempt had come further than any before', async () => {
    const { store, job } = await createTrial();
    for (const number of [1, 2]) {
      const attempt = await claim(store, { ...job, attempt: number }, -1);
      await store.recordEpoch({ ...attempt, epoch: sampleEpoch(number) });
      await store.expireLeases();
    }
    expect((await logOf(job)).map(({ outcome }) => outcome)).toEqual(['lost', 'lost']);
  });

  it('says that an attempt was cancelled with its search, and goes with the search', async () => {
    const { store, searchId, job } = await createTrial();
    await claim(store, job);
    await store.cancelSearch(searchId);
    expect(await logOf(job)).toMatchObject([{ outcome: 'cancelled', failure: null, lastWords: null }]);
    await store.deleteSearch(searchId);
    expect(await store.getTrialLog(job.trialId)).toBeNull();
  });

  it('takes nothing from an attempt that is over, nor from one with a made-up token', async () => {
    const { store, job } = await createTrial();
    const slow = await claim(store, job, -1);
    await store.expireLeases();
    const quick = await claim(store, { ...job, attempt: 2 });
    const before = await logOf(job);
    for (const attempt of [slow, { ...slow, token: 'made up' }]) {
      const late = { ...attempt, words: { warnings: ['late'], lastWords: 'late' } };
      await store.recordStart({ ...attempt, ...start, task });
      await store.completeTrial({ ...late, result: sampleResult(0.1) });
      await store.failTrial({ ...late, failure: lost });
      await store.failTrial({ ...late, failure: diverged });
      await store.pauseTrial(late);
      await store.releaseTrial(late);
    }
    expect(await logOf(job)).toEqual(before);
    await store.completeTrial({ ...quick, result: sampleResult(0.5), words });
    expect(await logOf(job)).toMatchObject([
      { outcome: 'lost', lastWords: null },
      { outcome: 'completed', ...words },
    ]);
  });

  it('repairs what PostgreSQL cannot hold, and keeps the first warnings and the end of the last words', async () => {
    const { store, job } = await createTrial();
    const lastWords = `${'x'.repeat(100_000)}a\0b\uD800c`;
    const warnings = Array.from({ length: 1000 }, (_, index) => `${index}\0${'y'.repeat(10_000)}`);
    await store.completeTrial({
      ...(await claim(store, job)),
      result: sampleResult(0.5),
      words: { warnings, lastWords },
    });
    const [logged] = await logOf(job);
    expect(logged?.lastWords).toBe(`${'x'.repeat(8192 - 5)}a\uFFFDb\uFFFDc`);
    expect(logged?.warnings).toEqual(
      Array.from({ length: 20 }, (_, index) => `${index}\uFFFD${'y'.repeat(10_000)}`.slice(0, 1000)),
    );
  });

  it('keeps the last hundred attempts, however often workers have given the trial back', async () => {
    const { store, job } = await createTrial();
    for (let attempt = 1; attempt <= 103; attempt += 1)
      await store.releaseTrial(await claim(store, { ...job, attempt }));
    expect((await logOf(job)).map(({ attempt }) => attempt)).toEqual(Array.from({ length: 100 }, (_, at) => at + 4));
  });
});
