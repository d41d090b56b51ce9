import { expect, it, type TestContext } from 'vitest';

import { type Database, openDatabase } from '../../src/database/database.ts';
import { useScratchStore } from '../scratch-store.ts';

const scratch = useScratchStore();

/** A database with one connection, so that whoever comes second waits for it. */
async function openOne(whenFinished: TestContext['onTestFinished']): Promise<Database> {
  const database = openDatabase({ databaseUrl: scratch().databaseUrl, poolSize: 1 });
  whenFinished(() => database.close());
  await database.ping();
  return database;
}

it.concurrent(
  'lets a transaction wait for its connection as long as any other statement',
  async ({ onTestFinished }) => {
    const database = await openOne(onTestFinished);
    const busy = database.run((client) => client.$queryRaw`SELECT 1 AS one FROM pg_sleep(4)`);
    const rows = database.run((client) =>
      client.$transaction([client.$queryRaw`SELECT 2 AS two`, client.$queryRaw`SELECT 3 AS three`]),
    );
    await expect(Promise.all([busy, rows])).resolves.toEqual([[{ one: 1 }], [[{ two: 2 }], [{ three: 3 }]]]);
  },
);

it.concurrent('lets a transaction take as long as its statements may', async ({ onTestFinished }) => {
  const database = await openOne(onTestFinished);
  const rows = database.run((client) =>
    client.$transaction([
      client.$queryRaw`SELECT 1 AS one FROM pg_sleep(3)`,
      client.$queryRaw`SELECT 2 AS two FROM pg_sleep(3)`,
    ]),
  );
  await expect(rows).resolves.toEqual([[{ one: 1 }], [{ two: 2 }]]);
});

it.concurrent(
  'tells a transaction that gets no connection as a PostgreSQL that does not answer',
  async ({ onTestFinished }) => {
    const database = await openOne(onTestFinished);
    const busy = database.run((client) => client.$queryRaw`SELECT 1 AS one FROM pg_sleep(7)`);
    const transaction = database.run((client) =>
      client.$transaction([client.$queryRaw`SELECT 2 AS two`, client.$queryRaw`SELECT 3 AS three`]),
    );
    await expect(transaction).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
    await busy;
  },
);
