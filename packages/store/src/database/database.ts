/**
 * PostgreSQL through Prisma.
 *
 * Reads, and writes whose condition is in the keys, use Prisma's client, which checks them against the schema. Raw SQL is
 * for what the client cannot say in one statement: a conditional change of state that also tells what it changed, the
 * database's own clock, several tables changed together or not at all, sums over trials, and inserts of more rows than a
 * statement has parameters. Values are always parameters of `Prisma.sql`, and each row that comes back is checked by zod.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { z } from 'zod';

import { type Prisma, PrismaClient } from '../generated/client.ts';
import { connectionTo } from './connection.ts';
import { isReadOnly, isWriteConflict, readOnlyError, toStoreError } from './errors.ts';
import { nameRepeatedStatements } from './statement-names.ts';

const MOST_TRIES = 6;
const FIRST_DELAY_MILLISECONDS = 10;

/**
 * No statement of the store takes seconds. PostgreSQL undoes one that does, and also a transaction that waits for its
 * next statement as long. Shorter than a lease, so that its holder can renew it with a second try.
 */
const STATEMENT_TIMEOUT_MILLISECONDS = 8_000;
/**
 * Longer than PostgreSQL's own limit: a statement without an answer by then went to a server or a network that is
 * silent, and nobody knows whether it was carried out.
 */
const QUERY_TIMEOUT_MILLISECONDS = 10_000;

/**
 * The pool bounds the wait for a connection, and PostgreSQL each statement and each pause between two. Prisma's own
 * limits, 2 s and 5 s, would end a transaction before that as if it were a bug; these never come first.
 */
const TRANSACTION_OPTIONS = { maxWait: QUERY_TIMEOUT_MILLISECONDS, timeout: 6 * QUERY_TIMEOUT_MILLISECONDS };

/**
 * How long a connection is used. The plans of its statements are made for tables of the size that they had: one that was
 * made on empty tables is given up when they are analyzed, or by then.
 */
const CONNECTION_SECONDS = 60;

export interface DatabaseOptions {
  readonly databaseUrl: string;
  readonly poolSize: number;
}

/** PostgreSQL through Prisma, with the two things that every call needs: conflicts are retried, errors get a code. */
export interface Database {
  /** Runs an operation, or a batch that commits as one; it runs again after a write conflict or a deadlock. */
  run<T>(operation: (client: PrismaClient) => PromiseLike<T>): Promise<T>;
  /** Runs one statement and checks every row that it returns. */
  rows<T extends z.ZodType>(row: T, statement: Prisma.Sql): Promise<z.infer<T>[]>;
  /** Resolves when PostgreSQL answers and takes writes. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export function openDatabase({ databaseUrl, poolSize }: DatabaseOptions): Database {
  const { config, schema } = connectionTo(databaseUrl);
  const pool = new Pool({
    ...config,
    max: poolSize,
    maxLifetimeSeconds: CONNECTION_SECONDS,
    statement_timeout: STATEMENT_TIMEOUT_MILLISECONDS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MILLISECONDS,
    query_timeout: QUERY_TIMEOUT_MILLISECONDS,
  });
  // A connection that breaks while idle has left the pool already. Without a listener it would end the process.
  pool.on('error', () => undefined);
  const adapter = new PrismaPg(pool, { schema, statementNameGenerator: nameRepeatedStatements() });
  const client = new PrismaClient({ adapter, transactionOptions: TRANSACTION_OPTIONS });
  const run = async <T>(operation: (client: PrismaClient) => PromiseLike<T>): Promise<T> => {
    try {
      return await retryConflicts(() => operation(client));
    } catch (error) {
      if (isReadOnly(error)) dropIdleConnections(pool);
      throw toStoreError(error);
    }
  };
  const rows: Database['rows'] = async (row, statement) =>
    z.array(row).parse(await run((prisma) => prisma.$queryRaw(statement)));
  return {
    run,
    rows,
    async ping() {
      if (await takesWrites(run)) return;
      dropIdleConnections(pool);
      throw readOnlyError();
    },
    async close() {
      await client.$disconnect();
      await pool.end();
    },
  };
}

const writableRow = z.tuple([z.object({ writable: z.boolean() })]);

async function takesWrites(run: Database['run']): Promise<boolean> {
  const [{ writable }] = writableRow.parse(
    await run(
      (client) => client.$queryRaw`
        SELECT NOT pg_is_in_recovery() AND NOT current_setting('transaction_read_only')::boolean AS writable`,
    ),
  );
  return writable;
}

/**
 * Ends what the pool holds idle, so that the next calls connect anew. After a failover the connections still lead to
 * the old server, which is a standby now: it goes on answering reads, so nothing else would end them.
 */
function dropIdleConnections(pool: Pool): void {
  for (let idle = pool.idleCount; idle > 0; idle -= 1) {
    // One that cannot be had is in use, or gone already.
    pool.connect().then(
      (connection) => connection.release(true),
      () => undefined,
    );
  }
}

/**
 * Runs an operation until it meets no conflict. The wait is drawn at random from a range that doubles, so that two that
 * met do not meet again.
 */
export async function retryConflicts<T>(operation: () => PromiseLike<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await operation();
    } catch (error) {
      if (tries === MOST_TRIES || !isWriteConflict(error)) throw error;
      await sleep(Math.random() * FIRST_DELAY_MILLISECONDS * 2 ** tries);
    }
  }
}
