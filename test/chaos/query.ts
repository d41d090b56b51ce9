import { Client, type QueryResult } from 'pg';

/** Runs SQL in a session of its own. @throws what `pg` throws, also where the session is cut meanwhile. */
export async function query(databaseUrl: string, sql: string): Promise<QueryResult<Record<string, unknown>>> {
  const client = new Client({ connectionString: databaseUrl });
  // A session that is cut is reported by the query.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.query<Record<string, unknown>>(sql);
  } finally {
    await client.end();
  }
}
