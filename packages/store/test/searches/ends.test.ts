import { randomUUID } from 'node:crypto';

import type { TrialJob } from '@compound-search/contracts';
import type { EndedByTrials } from '@compound-search/store';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';

import { outcomeOf } from '../outcome.ts';
import { sampleResult } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { claim, complete, createRanked, createSample } from '../steps.ts';

const scratch = useScratchStore();

function createSearch(candidates: number, seeds?: number[]) {
  return createSample(scratch().store, candidates, seeds);
}

describe('a search whose trials have ended', () => {
  it('is tested once: its winner and test trials are stored together', async () => {
    const { store } = scratch();
    const { searchId, candidateId } = await createRanked(store);
    expect(await store.searchesToAdvance()).toContainEqual({ searchId, state: 'running', undecided: false });
    const begun = await Promise.all(
      Array.from({ length: 4 }, () => store.beginTesting({ searchId, candidateId, seeds: [7, 3] })),
    );
    expect(begun.filter((jobs) => jobs !== null)).toHaveLength(1);
    const jobs = begun.find((one) => one !== null) ?? [];
    const outcome = await outcomeOf(store, searchId);
    expect(outcome).toMatchObject({ state: 'testing', winnerCandidateId: candidateId });
    expect(outcome.testTrials.map(({ trialId, seed }) => ({ trialId, seed }))).toEqual([
      { trialId: jobs[0]?.trialId, seed: 7 },
      { trialId: jobs[1]?.trialId, seed: 3 },
    ]);
    expect(await store.searchesToAdvance()).not.toContainEqual(expect.objectContaining({ searchId }));
    const claims = jobs.map((job) => store.claimTrial({ ...job, workerId: 'worker', leaseSeconds: 15 }));
    expect((await Promise.all(claims)).map((claimed) => claimed?.specification)).toEqual([
      expect.objectContaining({ purpose: 'test', seed: 7, fingerprint: 'fingerprint-0' }),
      expect.objectContaining({ purpose: 'test', seed: 3, fingerprint: 'fingerprint-0' }),
    ]);
  });

  it('ends once, and resuming it adds nothing', async () => {
    const { store } = scratch();
    const { searchId, candidateId } = await createRanked(store);
    await complete(store, (await store.beginTesting({ searchId, candidateId, seeds: [7] })) ?? []);
    expect(await store.searchesToAdvance()).toContainEqual({ searchId, state: 'testing', undecided: false });
    const ends = await Promise.all(
      Array.from({ length: 4 }, () => store.endSearch({ searchId, state: 'completed', answer: null })),
    );
    expect(ends.filter(Boolean)).toHaveLength(1);
    expect(await store.searchesToAdvance()).not.toContainEqual(expect.objectContaining({ searchId }));
    expect(await store.beginTesting({ searchId, candidateId, seeds: [8] })).toBeNull();
    expect(await store.endSearch({ searchId, state: 'completed_with_failures', answer: null })).toBe(false);
    const view = await store.getSearch(searchId);
    expect(view).toMatchObject({
      state: 'completed',
      trials: { total: 1, completed: 1 },
      testTrials: { total: 1, completed: 1 },
      progress: { fraction: 1, secondsLeft: 0 },
    });
    expect(view?.endedAt).not.toBeNull();
    const queued = await store.trialsToEnqueue({ queuedSeconds: 0, limit: 10_000 });
    const trials = await store.listTrials(searchId, { limit: 10 });
    for (const { id } of trials?.items ?? []) {
      expect(queued.map(({ trialId }) => trialId)).not.toContain(id);
    }
  });

  it.each(['completed', 'completed_with_failures', 'failed'] as EndedByTrials[])(
    'cannot become %s while a trial is open',
    async (state) => {
      const { store } = scratch();
      const { searchId } = await createSearch(1, [7]);
      expect(await store.endSearch({ searchId, state, answer: null })).toBe(false);
      expect(await store.getSearch(searchId)).toMatchObject({ state: 'running', endedAt: null });
    },
  );

  it('fails without a winner, and cannot complete without one', async () => {
    const { store } = scratch();
    const { searchId } = await createRanked(store);
    expect(await store.endSearch({ searchId, state: 'completed', answer: null })).toBe(false);
    expect(await store.endSearch({ searchId, state: 'failed', answer: null })).toBe(true);
    expect(await store.getSearch(searchId)).toMatchObject({ state: 'failed' });
  });

  it('is not tested with a candidate of another search', async () => {
    const { store } = scratch();
    const { searchId } = await createRanked(store);
    const other = await createRanked(store);
    expect(await store.beginTesting({ searchId, candidateId: other.candidateId, seeds: [7] })).toBeNull();
    expect(await store.beginTesting({ searchId, candidateId: randomUUID(), seeds: [7] })).toBeNull();
    expect(await store.beginTesting({ searchId, candidateId: 'none', seeds: [7] })).toBeNull();
  });
});

describe('cancelSearch', () => {
  it('cancels queued and running trials, keeps results and tells the holder at its next renewal', async () => {
    const { store } = scratch();
    const { searchId, trials } = await createSearch(3, [7]);
    const [done, running, queued] = trials as [TrialJob, TrialJob, TrialJob];
    await complete(store, [done]);
    const attempt = await claim(store, running);
    const view = (await store.cancelSearch(searchId))?.search;
    expect(view).toMatchObject({
      state: 'cancelled',
      trials: { total: 3, queued: 0, running: 0, completed: 1, failed: 0, cancelled: 2 },
      progress: { secondsLeft: 0 },
    });
    expect(await store.renewLease({ ...attempt, leaseSeconds: 15, step: 1 })).toBe('cancelled');
    const lost = { code: 'TRIAL_LOST', message: 'Stopped.', step: null } as const;
    expect(await store.failTrial({ ...attempt, failure: lost })).toEqual({ state: 'lost' });
    expect(await store.releaseTrial(attempt)).toBeNull();
    expect(await store.completeTrial({ ...attempt, result: sampleResult(1) })).toBe(false);
    expect(await store.claimTrial({ ...queued, workerId: 'worker', leaseSeconds: 15 })).toBeNull();
    expect(await store.searchesToAdvance()).not.toContainEqual(expect.objectContaining({ searchId }));
  });

  it('leaves an ended search as it is, and knows no other', async () => {
    const { store } = scratch();
    const { searchId } = await createRanked(store);
    await store.endSearch({ searchId, state: 'failed', answer: null });
    const ended = await store.getSearch(searchId);
    expect(await store.cancelSearch(searchId)).toEqual({ before: 'failed', search: ended, trials: [] });
    expect(await store.cancelSearch(randomUUID())).toBeNull();
    expect(await store.cancelSearch('none')).toBeNull();
  });

  it('leaves no open trial when it waits for a move to testing that adds some', async () => {
    const { store, databaseUrl } = scratch();
    const { searchId, candidateId } = await createRanked(store);
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    // The move is held open by hand, so that the cancelling surely begins before it is committed and ends after.
    await client.query('BEGIN');
    await client.query(`UPDATE search SET state = 'testing', winner_candidate_id = $2 WHERE id = $1`, [
      searchId,
      candidateId,
    ]);
    await client.query(
      `INSERT INTO trial (id, search_id, candidate_id, purpose, seed) VALUES (gen_random_uuid(), $1, $2, 'test', 7)`,
      [searchId, candidateId],
    );
    const cancelled = store.cancelSearch(searchId);
    const waiting = 'SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))';
    await expect.poll(async () => (await client.query(waiting)).rowCount, { timeout: 20_000 }).toBeGreaterThan(0);
    await client.query('COMMIT');
    await client.end();
    expect((await cancelled)?.search).toMatchObject({
      state: 'cancelled',
      testTrials: { total: 1, queued: 0, running: 0, cancelled: 1 },
    });
  });

  it('leaves no open trial, whichever of it and the move to testing is first', async () => {
    const { store } = scratch();
    for (let round = 0; round < 8; round += 1) {
      const { searchId, candidateId } = await createRanked(store);
      await Promise.all([store.beginTesting({ searchId, candidateId, seeds: [7, 3] }), store.cancelSearch(searchId)]);
      expect(await store.getSearch(searchId)).toMatchObject({
        state: 'cancelled',
        testTrials: { queued: 0, running: 0 },
      });
    }
  });
});

describe('a search of 20,000 trials', () => {
  it('is cancelled within the time of a statement, also where only single trials were changed before', async () => {
    const { store } = scratch();
    const { trials } = await createSearch(8, [1]);
    for (const trial of trials) await claim(store, trial);
    const { searchId } = await createSearch(
      200,
      Array.from({ length: 100 }, (_, seed) => seed),
    );
    await store.cancelSearch(searchId);
    expect(await store.getSearch(searchId)).toMatchObject({
      state: 'cancelled',
      trials: { cancelled: 20_000, queued: 0 },
    });
  });
});
