import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { Client } from 'pg';
import { z } from 'zod';

import { toStoreError } from './errors.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../../prisma/migrations/', import.meta.url));

/** The key that Prisma's own tool locks while it migrates, so that neither runs while the other does. */
const ADVISORY_LOCK = 72_707_369;

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

const appliedRow = z.object({
  migration_name: z.string(),
  checksum: z.string(),
  finished_at: z.date().nullable(),
});

/**
 * Applies what is not applied yet, each migration in a transaction of its own. Two services that start at once wait for
 * each other, and the second finds nothing to do.
 * @throws Error where the database was migrated with other files than these: going on could destroy data.
 */
export async function applyMigrations(databaseUrl: string, known?: readonly Migration[]): Promise<void> {
  const migrations = known ?? (await readMigrations());
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'compound-search-migrations',
    connectionTimeoutMillis: 5_000,
  });
  // A connection that breaks is reported by the statement under way; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(CREATE_TABLE);
    const done = await appliedMigrations(client, migrations);
    for (const migration of migrations.filter(({ name }) => !done.has(name))) await applyMigration(client, migration);
  } catch (error) {
    throw toStoreError(error);
  } finally {
    // Ending the session also gives the lock back.
    await client.end();
  }
}

async function appliedMigrations(client: Client, known: readonly Migration[]): Promise<ReadonlySet<string>> {
  const { rows } = await client.query(
    'SELECT migration_name, checksum, finished_at FROM "_prisma_migrations" WHERE rolled_back_at IS NULL',
  );
  const applied = z.array(appliedRow).parse(rows);
  for (const { migration_name: name, checksum, finished_at: finishedAt } of applied) {
    const migration = known.find((one) => one.name === name);
    if (migration === undefined) {
      throw new Error(
        `The database has migration ${name}, which this version does not know: a newer version has used it. ` +
          'Run that version, or give this one a database of its own.',
      );
    }
    if (finishedAt === null) {
      throw new Error(`Migration ${name} was begun by another tool and never finished: resolve it there first.`);
    }
    if (migration.checksum !== checksum) {
      throw new Error(
        `Migration ${name} was changed after it had been applied: the database has checksum ${checksum}, ` +
          `the file ${migration.checksum}. Restore the file and write a new migration instead.`,
      );
    }
  }
  return new Set(applied.map((row) => row.migration_name));
}

async function applyMigration(client: Client, { name, sql, checksum }: Migration): Promise<void> {
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
    throw new Error(`Migration ${name} could not be applied`, { cause: error });
  }
}
