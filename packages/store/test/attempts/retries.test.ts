import { readFileSync } from 'node:fs';

import { type ErrorCode, failureBlames, type TrialFailure, type TrialJob } from '@compound-search/contracts';
import type { Attempt } from '@compound-search/store';
import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';

import { sampleEpoch } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { claim, createSample } from '../steps.ts';

const scratch = useScratchStore();

/** What docs/life-cycle.md promises: how many attempts at a trial fail with a code until it has failed. */
function documentedAttempts(): [ErrorCode, number][] {
  const document = readFileSync(new URL('../../../../docs/life-cycle.md', import.meta.url), 'utf8');
  const rows = document.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  return rows.flatMap(([, , codes = '', , attempts = '']) =>
    /^\d$/.test(attempts)
      ? [...codes.matchAll(/`(\w+)`/g)].map(([, code]) => [code as ErrorCode, Number(attempts)] as const)
      : [],
  ) as [ErrorCode, number][];
}

async function createTrial(): Promise<{ searchId: string; job: TrialJob }> {
  const { searchId, trials } = await createSample(scratch().store, 1, [7]);
  const [job] = trials;
  if (job === undefined) throw new Error('A search of one candidate and seed has one trial');
  return { searchId, job };
}

function failureOf(code: ErrorCode): TrialFailure {
  return { code, message: 'A reason.', step: null };
}

/** Fails attempts with these codes, one after the other; the state that follows on each. */
async function failWith(job: TrialJob, codes: readonly ErrorCode[]): Promise<string[]> {
  const { store } = scratch();
  const states: string[] = [];
  let next = job;
  for (const code of codes) {
    const failed = await store.failTrial({ ...(await claim(store, next)), failure: failureOf(code) });
    states.push(failed.state);
    if (failed.state === 'requeued') next = failed.job;
  }
  return states;
}

const memory = 'TRIAL_OUT_OF_MEMORY';

describe('the table of failures in docs/life-cycle.md', () => {
  it('names each code once that a trial can fail with', () => {
    expect(
      documentedAttempts()
        .map(([code]) => code)
        .toSorted(),
    ).toEqual(Object.keys(failureBlames).toSorted());
  });

  it.each(documentedAttempts())('is right that %s ends a trial at attempt %d', async (code, attempts) => {
    const { job } = await createTrial();
    const states = await failWith(
      job,
      Array.from({ length: attempts }, () => code),
    );
    expect(states).toEqual([...Array.from({ length: attempts - 1 }, () => 'requeued'), 'failed']);
    expect(await scratch().store.getTrial(job.trialId)).toMatchObject({ state: 'failed', attempt: attempts });
  });
});

describe('a trial that finds no memory', () => {
  it.each<[string, ErrorCode[], string[]]>([
    ['between other losses', ['TRIAL_LOST', memory, memory], ['requeued', 'requeued', 'failed']],
    ['with a loss in between', [memory, 'TRIAL_LOST', memory], ['requeued', 'requeued', 'failed']],
    ['at its third loss', ['TRIAL_LOST', 'TRIAL_LOST', memory], ['requeued', 'requeued', 'failed']],
  ])('is tried again once at most, %s', async (_, codes, states) => {
    const { job } = await createTrial();
    expect(await failWith(job, codes)).toEqual(states);
  });

  it('fails at the second time, however much further it came', async () => {
    const { store } = scratch();
    const { job } = await createTrial();
    const lose = async (next: TrialJob, epochs: number) => {
      const attempt: Attempt = await claim(store, next);
      for (let epoch = 1; epoch <= epochs; epoch += 1) {
        await store.recordEpoch({ ...attempt, epoch: sampleEpoch(epoch) });
      }
      return store.failTrial({ ...attempt, failure: failureOf(memory) });
    };
    expect(await lose(job, 1)).toMatchObject({ state: 'requeued' });
    expect(await lose({ ...job, attempt: 2 }, 4)).toEqual({ state: 'failed' });
  });

  it('is tried again twice more after it was retried on request', async () => {
    const { store } = scratch();
    const { searchId, job } = await createTrial();
    expect(await failWith(job, [memory, memory])).toEqual(['requeued', 'failed']);
    await store.retryFailed(searchId);
    expect(await failWith({ ...job, attempt: 3 }, [memory, memory])).toEqual(['requeued', 'failed']);
  });
});

describe('the second attempt at a trial that has found no memory', () => {
  const claimBy = (workerId: string) => scratch().store.claimNextTrial({ workerId, leaseSeconds: 15 });
  let searchId = '';
  afterEach(() => scratch().store.cancelSearch(searchId));

  async function exhaust(): Promise<TrialJob> {
    // What other tests have left is in nobody's way.
    await execute(`UPDATE trial SET state = 'cancelled', ended_at = now() WHERE state = 'queued'`);
    const created = await createTrial();
    searchId = created.searchId;
    const claimed = await claimBy('small');
    const attempt = { trialId: created.job.trialId, token: claimed?.token ?? '' };
    await scratch().store.failTrial({ ...attempt, failure: failureOf(memory) });
    return created.job;
  }

  async function execute(sql: string): Promise<void> {
    const client = new Client({ connectionString: scratch().databaseUrl });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  }

  it('is left to another worker', async () => {
    const { trialId } = await exhaust();
    expect(await claimBy('small')).toBeNull();
    expect(await claimBy('large')).toMatchObject({ specification: { trialId, attempt: 2 } });
  });

  it('is made by the same worker where nobody else has come for half a minute', async () => {
    const { trialId } = await exhaust();
    await execute(`UPDATE trial SET enqueued_at = enqueued_at - interval '29 seconds' WHERE id = '${trialId}'`);
    expect(await claimBy('small')).toBeNull();
    await execute(`UPDATE trial SET enqueued_at = enqueued_at - interval '2 seconds' WHERE id = '${trialId}'`);
    expect(await claimBy('small')).toMatchObject({ specification: { trialId, attempt: 2 } });
  });

  it('keeps its worker from no other trial', async () => {
    const { store } = scratch();
    await exhaust();
    const other = await createSample(store, 1, [7]);
    expect(await claimBy('small')).toMatchObject({ specification: { trialId: other.trials[0]?.trialId } });
    await store.cancelSearch(other.searchId);
  });
});
