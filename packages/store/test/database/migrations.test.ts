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

function applied() {
  return rowsOf('SELECT migration_name, checksum FROM _prisma_migrations ORDER BY migration_name');
}

describe('applyMigrations', () => {
  it('records each migration as the Prisma command line does, with the SHA-256 of its file', async () => {
    await applyMigrations(databaseUrl);
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
    await applyMigrations(databaseUrl);
    const before = await rowsOf('SELECT * FROM _prisma_migrations');
    await applyMigrations(databaseUrl);
    expect(await rowsOf('SELECT * FROM _prisma_migrations')).toEqual(before);
  });

  it('applies each migration once when five services start at the same time', async () => {
    await Promise.all(Array.from({ length: 5 }, () => applyMigrations(databaseUrl)));
    expect(await applied()).toHaveLength((await readMigrations()).length);
  });

  it('applies only what is new, in the order of the names', async () => {
    const first = migrationOf('1_first', 'CREATE TABLE one (a int)');
    const second = migrationOf('2_second', 'ALTER TABLE one ADD b int');
    await applyMigrations(databaseUrl, [first]);
    await applyMigrations(databaseUrl, [first, second]);
    expect(await applied()).toHaveLength(2);
    expect(await rowsOf('SELECT a, b FROM one')).toEqual([]);
  });

  it('leaves no trace of a migration that fails half way', async () => {
    const good = migrationOf('1_good', 'CREATE TABLE one (a int)');
    const bad = migrationOf('2_bad', 'CREATE TABLE two (a int); SELECT 1 / 0');
    await expect(applyMigrations(databaseUrl, [good, bad])).rejects.toThrow(/2_bad/);
    expect(await applied()).toEqual([{ migration_name: '1_good', checksum: good.checksum }]);
    expect(await rowsOf("SELECT to_regclass('two') AS two")).toEqual([{ two: null }]);
    await applyMigrations(databaseUrl, [good, migrationOf('2_bad', 'CREATE TABLE two (a int)')]);
    expect(await applied()).toHaveLength(2);
  });

  it('refuses a database whose applied migration was another file', async () => {
    await applyMigrations(databaseUrl, [migrationOf('1_first', 'CREATE TABLE one (a int)')]);
    const changed = migrationOf('1_first', 'CREATE TABLE one (a text)');
    await expect(applyMigrations(databaseUrl, [changed])).rejects.toThrow(/1_first was changed .*Restore the file/);
  });

  it('refuses a database that a newer version has migrated', async () => {
    const known = migrationOf('1_first', 'CREATE TABLE one (a int)');
    await applyMigrations(databaseUrl, [known, migrationOf('2_newer', 'DROP TABLE one')]);
    await expect(applyMigrations(databaseUrl, [known])).rejects.toThrow(/2_newer.*newer version/);
  });

  it('refuses to go on where another tool left a migration unfinished', async () => {
    const known = migrationOf('1_first', 'CREATE TABLE one (a int)');
    await applyMigrations(databaseUrl, [known]);
    await rowsOf('UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(applyMigrations(databaseUrl, [known])).rejects.toThrow(/never finished/);
  });

  it('says that PostgreSQL does not answer where nothing listens', async () => {
    await expect(applyMigrations('postgresql://postgres@127.0.0.1:1/none')).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
    });
  });
});
