import { createHash, randomUUID } from 'node:crypto';

import { Client } from 'pg';

import { applyMigrations, readMigrations } from './migrations.ts';

/** Guards the making of the template; any number that nothing else on the server locks. */
const TEMPLATE_LOCK = 1_209_115;

export interface ScratchDatabase {
  readonly databaseUrl: string;
  /** Removes the database, whoever is still connected to it. */
  drop(): Promise<void>;
}

/**
 * A migrated, empty database of its own for a test file. The tables are made once per server and set of migrations;
 * every further database is a copy, which takes a fraction of a second.
 * @param serverUrl - any database of the server, as a role that may create databases.
 */
export async function createScratchDatabase(serverUrl: string): Promise<ScratchDatabase> {
  const name = `scratch_${randomUUID().replaceAll('-', '')}`;
  await withClient(serverUrl, async (client) => {
    const template = await ensureTemplate(client, serverUrl);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  return {
    databaseUrl: urlOf(serverUrl, name),
    drop: () => withClient(serverUrl, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function withClient(url: string, use: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

async function ensureTemplate(client: Client, serverUrl: string): Promise<string> {
  const migrations = await readMigrations();
  // PostgreSQL cuts names after 63 bytes.
  const hash = createHash('sha256').update(migrations.map(({ checksum }) => checksum).join());
  const template = `template_${hash.digest('hex').slice(0, 32)}`;
  await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) await createTemplate(client, { serverUrl, template });
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
  return template;
}

/** Made under another name and renamed, so that a template that exists is complete. */
async function createTemplate(
  client: Client,
  { serverUrl, template }: { readonly serverUrl: string; readonly template: string },
): Promise<void> {
  const unfinished = `${template}_unfinished`;
  await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${unfinished}`);
  // Nobody else knows of this database, so there is nobody to wait for and nothing to say.
  await applyMigrations(urlOf(serverUrl, unfinished), { log: () => undefined });
  await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
}
