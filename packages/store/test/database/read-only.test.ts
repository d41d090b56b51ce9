import { createStore, type Store } from '@compound-search/store';
import { beforeAll, describe, expect, it } from 'vitest';

import { useOwnPostgres } from '../../../../test/own-postgres.ts';
import { openDatabase } from '../../src/database/database.ts';
import { sampleNetwork, samplePlan, sampleRequest, sampleResult } from '../sample.ts';
import { claim, createSample } from '../steps.ts';

const postgres = useOwnPostgres();
let store: Store;

beforeAll(async () => {
  store = createStore({ databaseUrl: postgres().databaseUrl, poolSize: 3 });
  await store.migrate(() => undefined);
  return () => store.close();
});

const takesNone = {
  code: 'DEPENDENCY_UNAVAILABLE',
  status: 503,
  message: expect.stringContaining('no writes') as unknown,
};

function isReady(): Promise<boolean> {
  return store.ping().then(
    () => true,
    () => false,
  );
}

/** The server reads its parameters again a moment after it is asked to. */
async function setReadOnly(value: 'on' | ''): Promise<void> {
  await postgres().set({ default_transaction_read_only: value });
  await expect.poll(isReady, { timeout: 20_000 }).toBe(value === '');
}

describe('a store whose PostgreSQL takes no writes for a while', () => {
  it('says so from its ping and from every kind of write, and goes on afterwards as if nothing had been', async () => {
    const { searchId, trials } = await createSample(store, 2, [7]);
    const attempt = await claim(store, trials[0], 600);
    const request = { network: sampleNetwork, request: sampleRequest(), plan: samplePlan(1) };

    await setReadOnly('on');
    await expect(store.ping()).rejects.toMatchObject(takesNone);
    await expect(store.createSearch(request)).rejects.toMatchObject(takesNone);
    await expect(store.completeTrial({ ...attempt, result: sampleResult(0.5) })).rejects.toMatchObject(takesNone);
    await expect(store.renewLease({ ...attempt, leaseSeconds: 600, step: 1 })).rejects.toMatchObject(takesNone);
    await expect(store.cancelSearch(searchId)).rejects.toMatchObject(takesNone);
    expect((await store.getSearch(searchId))?.trials).toMatchObject({ queued: 1, running: 1 });

    await setReadOnly('');
    expect(await store.completeTrial({ ...attempt, result: sampleResult(0.5) })).toBe(true);
    expect((await store.createSearch(request)).trials).toHaveLength(2);
    expect((await store.getSearch(searchId))?.trials).toMatchObject({ queued: 1, completed: 1 });
  });

  it('repeats a write until it is stored, while the server changes to and fro', async () => {
    const { trials } = await createSample(store, 1, [7]);
    const attempt = await claim(store, trials[0], 600);
    let refusals = 0;
    await setReadOnly('on');
    const toAndFro = async (): Promise<void> => {
      for (const value of ['', 'on', '', 'on', ''] as const) {
        await postgres().set({ default_transaction_read_only: value });
      }
    };
    // Begun by the first refusal, so that there is one however late this process gets its turn.
    let switching: Promise<void> | undefined;
    for (;;) {
      try {
        expect(await store.completeTrial({ ...attempt, result: sampleResult(0.5) })).toBe(true);
        break;
      } catch (error) {
        expect(error).toMatchObject(takesNone);
        refusals += 1;
        switching ??= toAndFro();
      }
    }
    await switching;
    expect(refusals).toBeGreaterThan(0);
    expect(await store.getTrial(attempt.trialId)).toMatchObject({ state: 'completed', attempt: 1 });
    await setReadOnly('');
  });
});

describe('connections to a server that has become a standby', () => {
  it('are dropped after the first write that it refuses, within a transaction too', async () => {
    const database = openDatabase({ databaseUrl: postgres().databaseUrl, poolSize: 1 });
    const insert = (name: string) =>
      database.run((client) =>
        client.$transaction([
          client.$executeRaw`INSERT INTO baseline (name, description) VALUES (${name}, '{"name": "x"}')`,
          client.baseline.count(),
        ]),
      );
    // Only the session that is open refuses, as one does that still leads to the old server.
    await database.run((client) => client.$executeRaw`SET default_transaction_read_only = on`);
    await expect(insert('first')).rejects.toMatchObject(takesNone);
    await expect
      .poll(
        () =>
          insert('second').then(
            () => true,
            () => false,
          ),
        { timeout: 5_000 },
      )
      .toBe(true);
    await database.run((client) => client.$executeRaw`SET default_transaction_read_only = on`);
    await expect(database.ping()).rejects.toMatchObject(takesNone);
    await expect
      .poll(
        () =>
          database.ping().then(
            () => true,
            () => false,
          ),
        { timeout: 5_000 },
      )
      .toBe(true);
    await database.close();
  });
});
