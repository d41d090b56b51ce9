import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startPostgres } from '@compound-search/local-services';
import { Client } from 'pg';
import { beforeAll } from 'vitest';

export interface OwnPostgres {
  readonly databaseUrl: string;
  /** Sets parameters of the whole server, for sessions that are open too. An empty value is the default. */
  set(parameters: Readonly<Record<string, string>>): Promise<void>;
}

/** A PostgreSQL of the calling test file's own, for what would disturb every other test on a shared one. */
export function useOwnPostgres(): () => OwnPostgres {
  let own: OwnPostgres | undefined;
  beforeAll(async () => {
    const dataFolder = await mkdtemp(path.join(tmpdir(), 'compound-search-postgres-'));
    const server = await startPostgres({ dataFolder });
    own = { databaseUrl: server.url, set: (parameters) => setParameters(server.url, parameters) };
    return async () => {
      await server.stop();
      await rm(dataFolder, { recursive: true });
    };
  });
  return () => {
    if (own === undefined) throw new Error('The server is there only while tests run');
    return own;
  };
}

async function setParameters(url: string, parameters: Readonly<Record<string, string>>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // What these forbid everybody must not forbid this session.
    await client.query('SET default_transaction_read_only = off');
    await client.query('SET statement_timeout = 0');
    for (const [name, value] of Object.entries(parameters)) {
      await client.query(`ALTER SYSTEM ${value === '' ? `RESET ${name}` : `SET ${name} = '${value}'`}`);
    }
    await client.query('SELECT pg_reload_conf()');
  } finally {
    await client.end();
  }
}
