import { setTimeout as sleep } from 'node:timers/promises';

import { PrismaPg } from '@prisma/adapter-pg';
import { z } from 'zod';

import { type Prisma, PrismaClient } from '../generated/client.ts';
import { isWriteConflict, toStoreError } from './errors.ts';

const MOST_TRIES = 6;
const FIRST_DELAY_MILLISECONDS = 10;

/**
 * Long enough for a server that is starting, short enough for a person who waits. It also bounds the wait for a free
 * connection of the pool.
 */
const CONNECT_TIMEOUT_MILLISECONDS = 5_000;
/**
 * No statement of the store takes seconds; one that does not come back is a connection that died without a word. Shorter
 * than a lease, so that its holder can still renew it over another connection.
 */
const QUERY_TIMEOUT_MILLISECONDS = 10_000;

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
  close(): Promise<void>;
}

export function openDatabase({ databaseUrl, poolSize }: DatabaseOptions): Database {
  const adapter = new PrismaPg({
    connectionString: databaseUrl,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
    keepAlive: true,
    query_timeout: QUERY_TIMEOUT_MILLISECONDS,
    application_name: 'compound-search',
  });
  const client = new PrismaClient({ adapter });
  const run = async <T>(operation: (client: PrismaClient) => PromiseLike<T>): Promise<T> => {
    try {
      return await retryConflicts(() => operation(client));
    } catch (error) {
      throw toStoreError(error);
    }
  };
  return {
    run,
    rows: async (row, statement) => z.array(row).parse(await run((prisma) => prisma.$queryRaw(statement))),
    close: () => client.$disconnect(),
  };
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
