import { Client } from 'pg';
import { describe, expect, it } from 'vitest';

import { useScratchStore } from '../scratch-store.ts';
import { claim, complete, createSample } from '../steps.ts';

const scratch = useScratchStore();

/** Makes a trial one that was queued so many seconds ago. */
async function age(trialId: string | undefined, seconds: number): Promise<void> {
  const client = new Client({ connectionString: scratch().databaseUrl });
  await client.connect();
  const statement = 'UPDATE trial SET enqueued_at = now() - make_interval(secs => $2) WHERE id = $1';
  await client.query(statement, [trialId, seconds]).finally(() => client.end());
}

describe('the statistics', () => {
  it('are empty of an empty record, and then count searches by state and trials by purpose and state', async () => {
    const { store } = scratch();
    expect(await store.readStatistics()).toEqual({ searches: [], trials: [], queueWaitSeconds: 0 });

    const first = await createSample(store, 2);
    await complete(store, first.trials.slice(0, 1));
    await claim(store, first.trials[1]);
    const second = await createSample(store, 1);
    await store.cancelSearch(second.searchId);
    const { searches, trials } = await store.readStatistics();
    expect(new Set(searches)).toEqual(
      new Set([
        { state: 'running', searches: 1 },
        { state: 'cancelled', searches: 1 },
      ]),
    );
    expect(new Set(trials)).toEqual(
      new Set([
        { purpose: 'ranking', state: 'completed', trials: 1 },
        { purpose: 'ranking', state: 'running', trials: 1 },
        { purpose: 'ranking', state: 'queued', trials: 2 },
        { purpose: 'ranking', state: 'cancelled', trials: 2 },
      ]),
    );
    await store.cancelSearch(first.searchId);
  });

  it('tell how long the longest waiting of the trials waits that come next', async () => {
    const { store } = scratch();
    const [short, long, paused] = [
      await createSample(store, 1),
      await createSample(store, 1),
      await createSample(store, 1),
    ];
    await age(short.trials[0]?.trialId, 100);
    await age(long.trials[0]?.trialId, 5_000);
    await age(paused.trials[0]?.trialId, 900_000);
    await store.pauseSearch(paused.searchId);
    const { queueWaitSeconds } = await store.readStatistics();
    expect(queueWaitSeconds).toBeGreaterThanOrEqual(5_000);
    expect(queueWaitSeconds).toBeLessThan(900_000);
    for (const { searchId } of [short, long, paused]) await store.cancelSearch(searchId);
    expect(await store.readStatistics()).toMatchObject({ queueWaitSeconds: 0 });
  });
});
