import { pino } from 'pino';
import { describe, expect, it } from 'vitest';

import { reconcile } from '../../src/advance/reconcile.ts';
import { claimNext, runQueued, trainWell } from '../simulated-worker.ts';
import { accuracyOf, useLifeCycle } from './life-cycle.ts';

const { record, post, find, pass, send, rankAll, finish, makers } = useLifeCycle();
const log = pino({ level: 'silent' });

describe('a paused search', () => {
  it('lets its running trials finish and starts none, nor a rerun, until it is resumed', async () => {
    const { store } = record();
    const searchId = await post();
    const running = await claimNext(store);
    await send(searchId, 'pause');
    expect(await claimNext(store)).toBeNull();
    expect(await store.trialsToEnqueue({ queuedSeconds: 0, limit: 10 })).toEqual([]);
    await finish(running);
    const { trialId = '' } = running?.specification ?? {};
    await store.createRerun(trialId);
    await pass();
    expect(await claimNext(store)).toBeNull();
    expect(await find(searchId)).toMatchObject({ state: 'paused', trials: { completed: 1, running: 0 } });
    await send(searchId, 'resume');
    await runQueued(store, trainWell);
    await rankAll();
    await rankAll();
    expect(await find(searchId)).toMatchObject({ state: 'completed' });
  });

  it('starts no trial once the pause has been answered, however many workers claim at the moment', async () => {
    const { store } = record();
    for (let round = 0; round < 6; round += 1) {
      const searchId = await post();
      const claims = Array.from({ length: 12 }, () => claimNext(store));
      await send(searchId, 'pause');
      const { trials } = await find(searchId);
      await Promise.all(claims);
      expect((await find(searchId)).trials.running).toBe(trials.running);
      expect(await claimNext(store)).toBeNull();
    }
  });

  it('takes no decision that was made while it was paused, and makes the same one when it is resumed', async () => {
    const { store } = record();
    const searchId = await post({ seeds: [1, 2, 3], strategy: { kind: 'racing', batch: 2 } });
    const { round } = await find(searchId);
    await runQueued(store, trainWell);
    let paused = false;
    const pausing = {
      ...store,
      // The decision is computed by then.
      takeDecision: async (input: Parameters<typeof store.takeDecision>[0]) => {
        if (!paused) await send(searchId, 'pause');
        paused = true;
        return store.takeDecision(input);
      },
    };
    await reconcile({ store: pausing, queue: record().queue, log });
    expect(paused).toBe(true);
    const before = await find(searchId);
    expect(before).toMatchObject({ state: 'paused', round });
    await pass();
    expect(await find(searchId)).toEqual(before);
    await send(searchId, 'resume');
    await pass();
    expect((await find(searchId)).round).toBeGreaterThan(round);
  });
});

describe('a search that is stopped', () => {
  it('ends when its running trials have, with the coefficients of the best that has completed', async () => {
    const { store } = record();
    const searchId = await post();
    const all = (await find(searchId)).trials.total;
    const done = await Promise.all([1, 2, 3].map(() => claimNext(store)));
    await finish(done[0] ?? null);
    await send(searchId, 'stop');
    expect(await find(searchId)).toMatchObject({
      state: 'stopping',
      trials: { completed: 1, running: 2, queued: 0, cancelled: all - 3 },
    });
    await pass();
    expect((await find(searchId)).state).toBe('stopping');
    await finish(done[1] ?? null);
    await finish(done[2] ?? null);
    await pass();
    expect(await find(searchId)).toMatchObject({
      state: 'stopped',
      trials: { completed: 3, cancelled: all - 3 },
      testTrials: { total: 0 },
    });
    const { answer } = (await store.getAnswer(searchId)) ?? {};
    expect(answer).toMatchObject({
      searchId,
      state: 'stopped',
      testAccuracy: null,
      confidence: { missingTrials: all - 3, reproduced: null },
    });
    expect(answer?.validationAccuracy.mean).toBe(Math.max(...done.map((one) => accuracyOf(one))));
  });

  it('while its winner is tested keeps the tests that have completed', async () => {
    const { store } = record();
    const searchId = await makers.testing();
    const test = await claimNext(store);
    await send(searchId, 'stop');
    await finish(test);
    await pass();
    expect(await find(searchId)).toMatchObject({ state: 'stopped', testTrials: { completed: 1, cancelled: 1 } });
    expect((await store.getAnswer(searchId))?.answer).toMatchObject({ state: 'stopped', testAccuracy: { seeds: 1 } });
  });

  it('has no answer where nothing has completed', async () => {
    const searchId = await makers.stopped();
    expect(await record().store.getAnswer(searchId)).toMatchObject({ state: 'stopped', answer: null });
  });

  it('does not run again what its worker gives back', async () => {
    const { store } = record();
    const searchId = await post();
    const running = await claimNext(store);
    await send(searchId, 'stop');
    const { trialId = '' } = running?.specification ?? {};
    await store.releaseTrial({ trialId, token: running?.token ?? '' });
    expect(await claimNext(store)).toBeNull();
    await pass();
    expect(await find(searchId)).toMatchObject({ state: 'stopped', trials: { queued: 0, completed: 0 } });
  });

  it('ends one way, whichever is first: the stop or the end of the last trial', async () => {
    const { store } = record();
    for (let round = 0; round < 8; round += 1) {
      const searchId = await post({ seeds: [1], grid: { alpha: [1.2], beta: [1.1], gamma: [1.15] } });
      const last = await claimNext(store);
      await Promise.allSettled([finish(last), pass(), send(searchId, 'stop'), pass()]);
      await pass();
      await pass();
      const { state, testTrials } = await find(searchId);
      expect(state).toBe('stopped');
      expect(testTrials).toMatchObject({ queued: 0, running: 0 });
      expect((await store.getAnswer(searchId))?.answer).toMatchObject({ state: 'stopped' });
    }
  });
});
