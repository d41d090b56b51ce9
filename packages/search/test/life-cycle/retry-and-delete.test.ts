import { describe, expect, it } from 'vitest';

import { claimNext, runQueued, trainWell } from '../simulated-worker.ts';
import { countRows, execute, resultOf, useLifeCycle } from './life-cycle.ts';

const { record, post, find, pass, send, rankAll, finish, makers } = useLifeCycle();

describe('retrying what has failed', () => {
  it('runs those trials alone, as the next attempt and without their losses, and answers anew', async () => {
    const { store } = record();
    const searchId = await post();
    const failing = new Set<string>();
    await runQueued(store, (trial) => {
      if (failing.size >= 2) return trainWell(trial);
      failing.add(trial.trialId);
      return { code: 'TRIAL_FAILED', message: 'No disk', step: null };
    });
    await rankAll();
    await rankAll();
    const before = await find(searchId);
    expect(before).toMatchObject({ state: 'completed_with_failures', trials: { failed: 2 } });
    const kept = ((await store.listTrials(searchId, { limit: 200 }))?.items ?? []).filter(({ id }) => !failing.has(id));

    await send(searchId, 'retry-failed');
    expect(await find(searchId)).toMatchObject({ state: 'running', endedAt: null, trials: { failed: 0, queued: 2 } });
    expect(await store.getAnswer(searchId)).toMatchObject({ answer: null });
    const ran = await runQueued(store, trainWell);
    expect(ran.map(({ trialId, attempt }) => ({ trialId, attempt }))).toEqual(
      [...failing].map((trialId) => ({ trialId, attempt: 2 })),
    );
    await rankAll();
    await rankAll();
    const after = await find(searchId);
    expect(after).toMatchObject({ state: 'completed', trials: { failed: 0, completed: before.trials.total } });
    expect((await store.getAnswer(searchId))?.answer).toMatchObject({ state: 'completed' });
    const now = (await store.listTrials(searchId, { limit: 200 }))?.items ?? [];
    for (const trial of kept) expect(now).toContainEqual(trial);
  });

  it('repeats of the tests of the same winner those that failed, and no others', async () => {
    const { store } = record();
    const searchId = await makers.testing();
    const [failed] = await runQueued(store, ({ seed, ...trial }) =>
      seed === 1 ? { code: 'TRIAL_FAILED', message: 'No disk', step: null } : trainWell({ seed, ...trial }),
    );
    await pass();
    expect(await find(searchId)).toMatchObject({
      state: 'completed_with_failures',
      testTrials: { failed: 1, completed: 1 },
    });
    await send(searchId, 'retry-failed');
    await pass();
    expect(await find(searchId)).toMatchObject({
      state: 'testing',
      testTrials: { failed: 0, queued: 1, completed: 1 },
    });
    const again = await runQueued(store, trainWell);
    expect(again).toEqual([{ ...failed, attempt: 2 }]);
    await pass();
    expect(await find(searchId)).toMatchObject({ state: 'completed', testTrials: { total: 2, completed: 2 } });
    expect((await store.getAnswer(searchId))?.answer).toMatchObject({ testAccuracy: { seeds: 2 } });
  });

  it('while the winner is tested runs its failed tests again', async () => {
    const { store } = record();
    const searchId = await makers.testing();
    const test = await claimNext(store);
    const attempt = { trialId: test?.specification.trialId ?? '', token: test?.token ?? '' };
    await store.failTrial({ ...attempt, failure: { code: 'TRIAL_FAILED', message: 'No disk', step: null } });
    await send(searchId, 'retry-failed');
    expect(await find(searchId)).toMatchObject({ state: 'testing', testTrials: { failed: 0, queued: 2 } });
  });
});

describe('a search that is deleted', () => {
  it('leaves no row of its own, while others stay', async () => {
    const { store, databaseUrl } = record();
    const other = await makers.completed();
    const counts = await countRows(databaseUrl);
    const searchId = await post({ strategy: { kind: 'halving', batch: 4 }, recipe: { epochs: 4 }, seeds: [1] });
    const first = await claimNext(store);
    await finish(first);
    const rerun = await store.createRerun(first?.specification.trialId ?? '');
    await store.createRerun(rerun?.job.trialId ?? '');
    await send(searchId, 'cancel');
    expect(await send(searchId, 'delete')).toBe(true);
    const { deleted_search: searches = 0, deleted_trial: trials = 0, ...left } = await countRows(databaseUrl);
    // Those who follow searches are told that it is gone.
    const change = (counts['change'] ?? 0) + 1;
    expect(left).toEqual({ ...counts, change, deleted_search: undefined, deleted_trial: undefined });
    expect([searches, trials].every((count) => count > 0)).toBe(true);
    expect((await find(other)).state).toBe('completed');
  });

  it('refuses whatever its workers still report, and tells them that nobody needs what they have', async () => {
    const { store, databaseUrl } = record();
    for (let round = 0; round < 6; round += 1) {
      const searchId = await post();
      const held = await claimNext(store);
      const { trialId = '' } = held?.specification ?? {};
      const attempt = { trialId, token: held?.token ?? '' };
      await store.cancelSearch(searchId);
      const epoch = {
        epoch: 1,
        step: 1,
        learningRate: 1,
        trainLoss: 1,
        trainAccuracy: 1,
        validationLoss: 1,
        validationAccuracy: 1,
        seconds: 1,
      };
      await Promise.all([
        store.deleteSearch(searchId),
        store.recordEpoch({ ...attempt, epoch }),
        store.completeTrial({ ...attempt, result: resultOf(held) }),
        store.renewLease({ ...attempt, leaseSeconds: 60, step: 1 }),
      ]);
      expect(await store.completeTrial({ ...attempt, result: resultOf(held) })).toBe(false);
      expect(await store.recordEpoch({ ...attempt, epoch })).toBe(false);
      expect(await store.releaseTrial(attempt)).toBeNull();
      expect(await store.renewLease({ ...attempt, leaseSeconds: 60, step: 1 })).toBe('cancelled');
      expect(await store.finishedTrials([trialId])).toEqual([trialId]);
      expect(await store.getTrial(trialId)).toBeNull();
    }
    const { epoch = 0, trial = 0, search = 0 } = await countRows(databaseUrl);
    expect({ epoch, trial, search }).toEqual({ epoch: 0, trial: 0, search: 0 });
  });

  it('is known for two weeks, and not for ever', async () => {
    const { store, databaseUrl } = record();
    const searchId = await makers.cancelled();
    await send(searchId, 'delete');
    await store.forgetDeleted();
    expect(await send(searchId, 'delete')).toBe(true);
    await execute(
      databaseUrl,
      `UPDATE deleted_search SET deleted_at = now() - interval '15 days' WHERE id = '${searchId}'`,
    );
    const { change = 0 } = await countRows(databaseUrl);
    await store.forgetDeleted();
    expect(await send(searchId, 'delete')).toBe(false);
    expect((await countRows(databaseUrl))['change']).toBe(change - 1);
  });
});
