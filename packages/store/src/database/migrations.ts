import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { CompoundSearchError } from '@compound-search/contracts';
import { Client, escapeIdentifier } from 'pg';
import { z } from 'zod';

import { connectionTo } from './connection.ts';
import { isLockTimeout, isPassing, toStoreError } from './errors.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../../prisma/migrations/', import.meta.url));

/** The key that Prisma's own tool locks while it migrates, so that neither runs while the other does. */
const ADVISORY_LOCK = 72_707_369;

/**
 * A migration that waits for a table holds up every statement that comes after it. So it gives way after this time and
 * tries again. The wait for another service that migrates is reported as often.
 */
const LOCK_TIMEOUT_MILLISECONDS = 5_000;

const PAUSE_MILLISECONDS = 200;

/** The end of the name of a migration that the version before it cannot work with. */
export const BREAKING = '_breaking';

/** The table of Prisma's own tool, so that `prisma migrate deploy` sees what was applied here and the other way round. */
const CREATE_TABLE = `
  CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" VARCHAR(36) PRIMARY KEY NOT NULL,
    "checksum" VARCHAR(64) NOT NULL,
    "finished_at" TIMESTAMPTZ,
    "migration_name" VARCHAR(255) NOT NULL,
    "logs" TEXT,
    "rolled_back_at" TIMESTAMPTZ,
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
    "applied_steps_count" INTEGER NOT NULL DEFAULT 0
  )`;

export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file. */
  readonly checksum: string;
}

/** The migrations of prisma/migrations, or of another folder laid out alike, in the order of their names. */
export async function readMigrations(folder = MIGRATIONS): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(`${folder}/${name}/migration.sql`, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

let known: Promise<string[]> | undefined;

/** The names of the migrations that this version knows, which do not change while it runs. */
export function knownMigrations(): Promise<string[]> {
  known ??= readMigrations().then((migrations) => migrations.map(({ name }) => name));
  return known;
}

const appliedRow = z.object({
  migration_name: z.string(),
  checksum: z.string(),
  finished_at: z.date().nullable(),
});

type Applied = z.infer<typeof appliedRow>;

export interface MigrationOptions {
  /** Takes a line about a wait, or about a database that a newer version has migrated. */
  readonly log: (line: string) => void;
  /** @defaultValue those of prisma/migrations */
  readonly migrations?: readonly Migration[];
  /** How long to wait for a lock before it is reported, in milliseconds. @defaultValue 5000 */
  readonly lockTimeout?: number;
}

interface Task {
  readonly client: Client;
  readonly migrations: readonly Migration[];
  readonly log: (line: string) => void;
}

/**
 * Applies what is not applied yet, each migration in a transaction of its own. Two services that start at once wait for
 * each other, and the second finds nothing to do. The schema is made if it is missing.
 *
 * A service also starts on a database that a newer version has migrated, as long as none of those migrations is marked
 * as breaking by the end of its name.
 * @throws CompoundSearchError `RECORD_UNREADABLE` where a newer version has applied such a migration, and Error where the
 * tables are not those of the migrations: going on could destroy data.
 */
export async function applyMigrations(databaseUrl: string, options: MigrationOptions): Promise<void> {
  const { log, lockTimeout = LOCK_TIMEOUT_MILLISECONDS } = options;
  const migrations = options.migrations ?? (await readMigrations());
  const { config, schema } = connectionTo(databaseUrl);
  const client = new Client({
    ...config,
    application_name: 'compound-search-migrations',
    lock_timeout: lockTimeout,
  });
  // A connection that breaks is reported by the statement under way; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await lock(client, log);
    await createSchema(client, schema);
    await client.query(CREATE_TABLE);
    await applyMissing({ client, migrations, log });
  } catch (error) {
    throw toStoreError(error);
  } finally {
    // Ending the session also gives the lock back.
    await client.end();
  }
}

/** Waits until no other service migrates this database, however long that takes, and says so. */
async function lock(client: Client, log: (line: string) => void): Promise<void> {
  const first = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [ADVISORY_LOCK]);
  if (first.rows[0]?.locked === true) return;
  for (;;) {
    log('Another service migrates the database; this one waits for it.');
    try {
      await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
      return;
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
    }
  }
}

/** Looks first: PostgreSQL refuses `CREATE SCHEMA IF NOT EXISTS` to a role that may make none, even where there is one. */
async function createSchema(client: Client, schema: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
  if (rowCount === 0) await client.query(`CREATE SCHEMA ${escapeIdentifier(schema)}`);
}

async function applyMissing({ client, migrations, log }: Task): Promise<void> {
  const { rows } = await client.query(
    'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL',
  );
  const applied = z.array(appliedRow).parse(rows);
  for (const row of applied) checkApplied(row, { migrations, log });
  const done = new Set(applied.map((row) => row.migration_name));
  for (const migration of migrations.filter(({ name }) => !done.has(name))) {
    await applyMigration(client, migration, log);
  }
}

function checkApplied(
  { migration_name: name, checksum, finished_at: finishedAt }: Applied,
  { migrations, log }: Omit<Task, 'client'>,
): void {
  if (finishedAt === null) {
    throw new Error(`Migration ${name} was begun by another tool and never finished: resolve it there first.`);
  }
  const migration = migrations.find((one) => one.name === name);
  if (migration === undefined) {
    if (name.endsWith(BREAKING)) {
      throw new CompoundSearchError(
        'RECORD_UNREADABLE',
        `The database has migration ${name}, which this version does not know: a newer version has used it`,
        { field: 'DATABASE_URL', remedy: 'Run that version, or give this one a database of its own.' },
      );
    }
    log(`A newer version has applied migration ${name}. This version can work with it, and goes on.`);
    return;
  }
  if (migration.checksum !== checksum) {
    throw new Error(
      `Migration ${name} was changed after it had been applied: the database has checksum ${checksum}, ` +
        `the file ${migration.checksum}. Restore the file and write a new migration instead.`,
    );
  }
}

async function applyMigration(client: Client, migration: Migration, log: (line: string) => void): Promise<void> {
  for (;;) {
    try {
      await tryMigration(client, migration);
      return;
    } catch (error) {
      const { name } = migration;
      if (!isLockTimeout(error)) {
        throw isPassing(error) ? error : new Error(`Migration ${name} could not be applied`, { cause: error });
      }
      log(`Migration ${name} waits for a table that a transaction holds; it tries again.`);
      // Whoever has queued behind it goes first.
      await sleep(PAUSE_MILLISECONDS);
    }
  }
}

async function tryMigration(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
