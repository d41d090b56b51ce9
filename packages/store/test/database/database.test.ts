import { createServer, type Server } from 'node:net';

import { createStore } from '@compound-search/store';
import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';

import { openDatabase } from '../../src/database/database.ts';
import { Prisma } from '../../src/generated/client.ts';
import { sampleNetwork, samplePlan, sampleRequest } from '../sample.ts';
import { useScratchStore } from '../scratch-store.ts';
import { startProxy } from './proxy.ts';

const scratch = useScratchStore();

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});
function open<T extends { close(): Promise<void> }>(one: T): T {
  opened.push(one);
  return one;
}

async function withClient(databaseUrl: string, use: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

const unavailable = { code: 'DEPENDENCY_UNAVAILABLE', status: 503 };

describe('a store whose PostgreSQL does not answer', () => {
  it('says so from every kind of call when nothing listens', async () => {
    const store = open(createStore({ databaseUrl: 'postgresql://postgres@127.0.0.1:1/none' }));
    await expect(store.ping()).rejects.toMatchObject(unavailable);
    await expect(store.listSearches({ limit: 1 })).rejects.toMatchObject(unavailable);
    await expect(store.expireLeases()).rejects.toMatchObject(unavailable);
    await expect(
      store.createSearch({ network: sampleNetwork, request: sampleRequest(), plan: samplePlan(1) }),
    ).rejects.toMatchObject(unavailable);
  });

  it('says so instead of waiting for ever when the server is silent', async () => {
    const silent: Server = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('No port');
    const store = open(createStore({ databaseUrl: `postgresql://postgres@127.0.0.1:${address.port}/none` }));
    await expect(store.ping()).rejects.toMatchObject(unavailable);
    silent.close();
  });

  it('says so when its connection is ended under a statement, and goes on with the next call', async () => {
    const database = open(openDatabase({ databaseUrl: scratch().databaseUrl, poolSize: 1 }));
    const end = database.run((client) => client.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`);
    await expect(end).rejects.toMatchObject(unavailable);
    await expect(database.run((client) => client.search.count())).resolves.toBeTypeOf('number');
  });

  it('outlives connections that are ended while they are idle', async () => {
    const { databaseUrl } = scratch();
    const store = open(createStore({ databaseUrl, poolSize: 2 }));
    await store.ping();
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await client.end();
    await expect
      .poll(
        () =>
          store.ping().then(
            () => 'answers',
            () => 'fails',
          ),
        { timeout: 10_000 },
      )
      .toBe('answers');
  });

  it('says so when no connection of its pool becomes free', async () => {
    const database = open(openDatabase({ databaseUrl: scratch().databaseUrl, poolSize: 1 }));
    const holder = database.run((client) => client.$queryRaw`SELECT pg_sleep(7)`);
    holder.catch(() => undefined);
    await expect(database.run((client) => client.$queryRaw`SELECT 1`)).rejects.toMatchObject(unavailable);
    await holder.catch(() => undefined);
  });
});

describe('a store whose PostgreSQL falls silent', () => {
  it('says that it does not answer, since what it did with the statement is not known', async () => {
    const proxy = open(await startProxy(scratch().databaseUrl));
    const database = open(openDatabase({ databaseUrl: proxy.databaseUrl, poolSize: 1 }));
    await database.ping();
    proxy.silence();
    await expect(database.run((client) => client.$queryRaw`SELECT 1`)).rejects.toMatchObject(unavailable);
  });
});

describe('a statement that takes too long', () => {
  const slow = { code: 'DEPENDENCY_SLOW', status: 503, retry: true };

  it('is undone by PostgreSQL, which is told apart from one that does not answer', async () => {
    const database = open(openDatabase({ databaseUrl: scratch().databaseUrl, poolSize: 2 }));
    const write = database.run(
      (client) => client.$executeRaw`
        WITH slept AS (SELECT pg_sleep(15))
        INSERT INTO baseline (name, description) SELECT 'slow', '{}' FROM slept`,
    );
    await expect(write).rejects.toMatchObject(slow);
    expect(await database.run((client) => client.baseline.count({ where: { name: 'slow' } }))).toBe(0);
  });

  it('is one also where it waits for a lock', async () => {
    const { databaseUrl, store } = scratch();
    await withClient(databaseUrl, async (client) => {
      await client.query('BEGIN; LOCK TABLE baseline IN ACCESS EXCLUSIVE MODE');
      await expect(store.registerBaseline({ name: 'locked' })).rejects.toMatchObject(slow);
      await client.query('ROLLBACK');
    });
    expect(await store.getBaseline('locked')).toBeNull();
  });
});

describe('what PostgreSQL says of its own circumstances', () => {
  const states: Readonly<Record<string, { readonly code: string; readonly states: readonly string[] }>> = {
    'does not answer': { code: 'DEPENDENCY_UNAVAILABLE', states: ['08000', '08006', '53300', '57P01', '57P03'] },
    'takes no writes': { code: 'DEPENDENCY_UNAVAILABLE', states: ['25006'] },
    'lacks what it needs': { code: 'DEPENDENCY_UNAVAILABLE', states: ['53000', '53100', '53200', '58030'] },
    'took too long': { code: 'DEPENDENCY_SLOW', states: ['57014', '55P03', '25P03'] },
  };
  const table = Object.entries(states).flatMap(([text, { code, states }]) =>
    states.map((state) => ({ state, code, text })),
  );

  it.each(table)('reads $state as $code ("$text") from every kind of call', async ({ state, code, text }) => {
    const database = open(openDatabase({ databaseUrl: scratch().databaseUrl, poolSize: 1 }));
    const name = `fails_${state.toLowerCase()}`;
    await database.run((client) =>
      client.$transaction(failing(name, state).map((sql) => client.$executeRawUnsafe(sql))),
    );
    const told = { code, message: expect.stringContaining(text) as unknown };
    const data = { name, description: {} };
    await expect(database.run((client) => client.baseline.create({ data }))).rejects.toMatchObject(told);
    const insert = Prisma.sql`INSERT INTO baseline (name, description) VALUES (${name}, '{}')`;
    await expect(database.run((client) => client.$executeRaw(insert))).rejects.toMatchObject(told);
    await expect(
      database.run((client) => client.$transaction([client.$executeRaw(insert), client.baseline.count()])),
    ).rejects.toMatchObject(told);
    await expect(
      database.run((client) => client.$transaction([client.baseline.create({ data })])),
    ).rejects.toMatchObject(told);
  });
});

/** Lets inserts of this name fail, and no others. */
function failing(name: string, state: string): string[] {
  return [
    `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'made for a test' USING ERRCODE = '${state}'; END $$`,
    `CREATE TRIGGER ${name} BEFORE INSERT ON baseline FOR EACH ROW WHEN (NEW.name = '${name}')
       EXECUTE FUNCTION ${name}()`,
  ];
}

describe('an operation that conflicts with another', () => {
  it('is run again after a deadlock, so that both succeed', async () => {
    const { databaseUrl } = scratch();
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(
      'CREATE TABLE account (id int PRIMARY KEY, balance int); INSERT INTO account VALUES (1, 0), (2, 0)',
    );
    const database = open(openDatabase({ databaseUrl, poolSize: 2 }));
    let tries = 0;
    const addInOrder = (first: number, second: number): Promise<unknown> =>
      database.run((prisma) => {
        tries += 1;
        return prisma.$transaction([
          prisma.$executeRaw`UPDATE account SET balance = balance + 1 WHERE id = ${first}`,
          prisma.$executeRaw`SELECT pg_sleep(0.3)`,
          prisma.$executeRaw`UPDATE account SET balance = balance + 1 WHERE id = ${second}`,
        ]);
      });
    await Promise.all([addInOrder(1, 2), addInOrder(2, 1)]);
    expect(tries).toBeGreaterThan(2);
    expect((await client.query('SELECT balance FROM account')).rows).toEqual([{ balance: 2 }, { balance: 2 }]);
    await client.end();
  });

  it.each(['40001', '40P01'])('is given up after six conflicts %s, and the error is shown as it is', async (state) => {
    const database = open(openDatabase({ databaseUrl: scratch().databaseUrl, poolSize: 1 }));
    let tries = 0;
    const conflict = database.run((client) => {
      tries += 1;
      return client.$executeRaw(
        Prisma.raw(`DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '${state}'; END $$`),
      );
    });
    await expect(conflict).rejects.not.toMatchObject(unavailable);
    expect(tries).toBe(6);
  });

  it('is not run again for any other error', async () => {
    const database = open(openDatabase({ databaseUrl: scratch().databaseUrl, poolSize: 1 }));
    let tries = 0;
    const broken = database.run((client) => {
      tries += 1;
      return client.$queryRaw`SELECT 1 / 0`;
    });
    await expect(broken).rejects.toThrow(/division by zero/);
    expect(tries).toBe(1);
  });
});
