import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { Client } from 'pg';
import { beforeEach, describe, expect, inject, it } from 'vitest';

import { applyMigrations, type Migration, readMigrations } from '../../src/database/migrations.ts';

const serverUrl = inject('databaseUrl');
let databaseUrl: string;

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** An empty database for each test. */
beforeEach(async () => {
  const name = `empty_${randomUUID().replaceAll('-', '')}`;
  await withClient(serverUrl, (client) => client.query(`CREATE DATABASE ${name}`));
  databaseUrl = new URL(`/${name}`, serverUrl).href;
  return () => withClient(serverUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
});

function rowsOf(sql: string): Promise<Record<string, unknown>[]> {
  return withClient(databaseUrl, async (client) => (await client.query<Record<string, unknown>>(sql)).rows);
}

function migrationOf(name: string, sql: string): Migration {
  return {
    name,
    sql,
    checksum: createHash('sha256').update(sql).digest('hex'),
  };
}

/** Applies the project's migrations or others. @returns the lines that were logged. */
async function migrate(migrations?: readonly Migration[]): Promise<string[]> {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  await applyMigrations(databaseUrl, { log, lockTimeout: 50, ...(migrations === undefined ? {} : { migrations }) });
  return lines;
}

function applied() {
  return rowsOf('SELECT migration_name, checksum FROM _prisma_migrations ORDER BY migration_name');
}

describe('applyMigrations', () => {
  it('records each migration as the Prisma command line does, with the SHA-256 of its file', async () => {
    await migrate();
    const rows = await rowsOf('SELECT * FROM _prisma_migrations');
    expect(rows).toHaveLength((await readMigrations()).length);
    for (const row of rows) {
      const name = String(row['migration_name']);
      const file = await readFile(new URL(`../../../../prisma/migrations/${name}/migration.sql`, import.meta.url));
      expect(row).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
        checksum: createHash('sha256').update(file).digest('hex'),
        finished_at: expect.any(Date) as unknown,
        migration_name: name,
        logs: null,
        rolled_back_at: null,
        started_at: expect.any(Date) as unknown,
        applied_steps_count: 1,
      });
    }
  });

  it('does nothing the second time', async () => {
    await migrate();
    const before = await rowsOf('SELECT * FROM _prisma_migrations');
    await migrate();
    expect(await rowsOf('SELECT * FROM _prisma_migrations')).toEqual(before);
  });

  it('applies each migration once when five services start at the same time', async () => {
    await Promise.all(Array.from({ length: 5 }, () => migrate()));
    expect(await applied()).toHaveLength((await readMigrations()).length);
  });

  it('applies only what is new, in the order of the names', async () => {
    const first = migrationOf('1_first', 'CREATE TABLE one (a int)');
    const second = migrationOf('2_second', 'ALTER TABLE one ADD b int');
    await migrate([first]);
    await migrate([first, second]);
    expect(await applied()).toHaveLength(2);
    expect(await rowsOf('SELECT a, b FROM one')).toEqual([]);
  });

  it('leaves no trace of a migration that fails half way', async () => {
    const good = migrationOf('1_good', 'CREATE TABLE one (a int)');
    const bad = migrationOf('2_bad', 'CREATE TABLE two (a int); SELECT 1 / 0');
    await expect(migrate([good, bad])).rejects.toThrow(/2_bad/);
    expect(await applied()).toEqual([{ migration_name: '1_good', checksum: good.checksum }]);
    expect(await rowsOf("SELECT to_regclass('two') AS two")).toEqual([{ two: null }]);
    await migrate([good, migrationOf('2_bad', 'CREATE TABLE two (a int)')]);
    expect(await applied()).toHaveLength(2);
  });

  it('refuses a database whose applied migration was another file', async () => {
    await migrate([migrationOf('1_first', 'CREATE TABLE one (a int)')]);
    const changed = migrationOf('1_first', 'CREATE TABLE one (a text)');
    await expect(migrate([changed])).rejects.toThrow(/1_first was changed .*Restore the file/);
  });

  it('refuses to go on where another tool left a migration unfinished', async () => {
    const known = migrationOf('1_first', 'CREATE TABLE one (a int)');
    await migrate([known]);
    await rowsOf('UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(migrate([known])).rejects.toThrow(/never finished/);
  });

  it('says that PostgreSQL does not answer where nothing listens', async () => {
    await expect(
      applyMigrations('postgresql://postgres@127.0.0.1:1/none', { log: (line) => expect.fail(line) }),
    ).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
    });
  });
});

describe('a service on a database that a newer version has migrated', () => {
  const known = migrationOf('1_first', 'CREATE TABLE one (a int)');

  it('starts where it can work with the new tables, and says so', async () => {
    await migrate([known, migrationOf('2_column', 'ALTER TABLE one ADD b int')]);
    expect(await migrate([known])).toEqual([
      'A newer version has applied migration 2_column. This version can work with it, and goes on.',
    ]);
  });

  it('refuses to start where a migration is marked as breaking', async () => {
    await migrate([known, migrationOf('2_renamed_breaking', 'ALTER TABLE one RENAME a TO b')]);
    await expect(migrate([known])).rejects.toMatchObject({
      code: 'RECORD_UNREADABLE',
      message:
        'The database has migration 2_renamed_breaking, which this version does not know: a newer version has used it',
    });
  });

  it('starts with a breaking migration that it knows', async () => {
    const breaking = migrationOf('2_renamed_breaking', 'ALTER TABLE one RENAME a TO b');
    await migrate([known, breaking]);
    expect(await migrate([known, breaking])).toEqual([]);
  });
});

describe('a service that must wait to migrate', () => {
  const known = migrationOf('1_first', 'CREATE TABLE one (a int)');

  it('says for whom, and finds nothing to do when another service has migrated', async () => {
    await withClient(databaseUrl, async (other) => {
      await other.query('SELECT pg_advisory_lock(72707369)');
      const lines: string[] = [];
      const log = (line: string): void => void lines.push(line);
      const waiting = applyMigrations(databaseUrl, { log, migrations: [known], lockTimeout: 50 });
      // It reports again and again, for as long as it waits.
      await expect.poll(() => lines.length, { timeout: 20_000 }).toBeGreaterThan(2);
      expect(new Set(lines)).toEqual(new Set(['Another service migrates the database; this one waits for it.']));
      await other.query('SELECT pg_advisory_unlock(72707369)');
      await waiting;
    });
    expect(await applied()).toHaveLength(1);
  });

  it('lets others use a table that a transaction holds, and tries again until it is free', async () => {
    await migrate([known]);
    const second = migrationOf('2_second', 'ALTER TABLE one ADD b int');
    await withClient(databaseUrl, async (other) => {
      await other.query('BEGIN; LOCK TABLE one IN ACCESS SHARE MODE');
      const lines: string[] = [];
      const log = (line: string): void => void lines.push(line);
      const waiting = applyMigrations(databaseUrl, { log, migrations: [known, second], lockTimeout: 50 });
      await expect
        .poll(() => lines, { timeout: 20_000 })
        .toContain('Migration 2_second waits for a table that a transaction holds; it tries again.');
      await other.query('COMMIT');
      await waiting;
    });
    expect(await applied()).toHaveLength(2);
  });
});

describe('the schema of DATABASE_URL', () => {
  it('is made if it is missing, and holds the tables of one installation alone', async () => {
    const [one, other] = ['team_a', 'Team_B'].map((schema) => `${databaseUrl}?schema=${schema}`);
    for (const url of [one, other, one]) await applyMigrations(url ?? '', { log: (line) => expect.fail(line) });
    const tables = `SELECT table_schema AS schema FROM information_schema.tables WHERE table_name = 'search' ORDER BY 1`;
    expect(await rowsOf(tables)).toEqual([{ schema: 'Team_B' }, { schema: 'team_a' }]);
  });

  it('is public by default, whatever the search path of the role', async () => {
    await rowsOf('CREATE SCHEMA elsewhere');
    const name = new URL(databaseUrl).pathname.slice(1);
    await rowsOf(`ALTER DATABASE ${name} SET search_path = elsewhere`);
    await migrate();
    const tables = `SELECT table_schema AS schema FROM information_schema.tables WHERE table_name = 'search'`;
    expect(await rowsOf(tables)).toEqual([{ schema: 'public' }]);
  });
});
