import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';

import type { DatasetCheckerOptions } from '@compound-search/datasets';
import { createTrialQueue, type TrialQueue } from '@compound-search/queue';
import { createScratchDatabase, createStore, type Store } from '@compound-search/store';
import type { FastifyInstance } from 'fastify';
import { Client } from 'pg';
import { pino } from 'pino';
import { beforeAll, inject } from 'vitest';

import { buildApp } from '../src/app.ts';
import type { EventStreamLimits } from '../src/events/event-streams.ts';
import type { AccessOptions } from '../src/guards/access.ts';

export interface TestService {
  readonly app: FastifyInstance;
  readonly store: Store;
  readonly queue: TrialQueue;
  readonly redisUrl: string;
  readonly databaseUrl: string;
  /** Every line that the service has logged. */
  readonly log: Record<string, unknown>[];
  /** Rows in all tables together. */
  countRows(): Promise<number>;
  /** Changes the record behind the service's back. */
  execute(sql: string, values: readonly unknown[]): Promise<void>;
}

export interface TestServiceOptions {
  readonly maximumCandidates?: number;
  readonly bodyLimit?: number;
  readonly datasets?: DatasetCheckerOptions;
  readonly allowedHosts?: readonly string[];
  readonly allowedOrigins?: readonly string[];
  readonly access?: AccessOptions;
  readonly pageFolder?: string;
  readonly streams?: Partial<EventStreamLimits>;
}

/** The service on a database and a queue of the calling test file's own. */
export function useService(options: TestServiceOptions = {}): () => TestService {
  let service: TestService | undefined;
  beforeAll(async () => {
    const database = await createScratchDatabase(inject('databaseUrl'));
    const store = createStore({ databaseUrl: database.databaseUrl });
    const redisUrl = inject('redisUrl');
    const queue = createTrialQueue({ redisUrl, prefix: `test-${randomUUID()}` });
    const log: Record<string, unknown>[] = [];
    const app = await buildApp({
      store,
      queue,
      limits: { maximumCandidates: options.maximumCandidates ?? 200 },
      datasets: options.datasets ?? {},
      allowedHosts: options.allowedHosts,
      allowedOrigins: options.allowedOrigins,
      access: options.access,
      ...(options.pageFolder === undefined ? {} : { pageFolder: options.pageFolder }),
      streams: options.streams ?? {},
      bodyLimit: options.bodyLimit ?? 1024 ** 2,
      logger: pino({ level: 'info' }, collect(log)),
    });
    service = {
      app,
      store,
      queue,
      redisUrl,
      databaseUrl: database.databaseUrl,
      log,
      countRows: () => countRows(database.databaseUrl),
      execute: (sql, values) => execute(database.databaseUrl, sql, values),
    };
    return async () => {
      await app.close();
      await queue.close();
      await store.close();
      await database.drop();
    };
  });
  return () => {
    if (service === undefined) throw new Error('The service is there only while tests run');
    return service;
  };
}

function collect(log: Record<string, unknown>[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
}

async function execute(databaseUrl: string, sql: string, values: readonly unknown[]): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(sql, [...values]).finally(() => client.end());
}

async function countRows(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
    );
    if (tables.rows.length === 0) throw new Error('The database has no tables');
    const sum = tables.rows.map(({ name }) => `(SELECT count(*) FROM ${name})`).join(' + ');
    const { rows } = await client.query<{ count: string }>(`SELECT ${sum} AS count`);
    return Number(rows[0]?.count);
  } finally {
    await client.end();
  }
}
