import { Client } from 'pg';

/**
 * Makes the database itself count the results that are written to each trial, apart from all that the service knows: one
 * that is written a second time, even with the same bits, has got past a fence.
 */
export async function watchResults(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query(`
      CREATE SCHEMA witness;
      CREATE TABLE witness.result (trial_id uuid NOT NULL);
      CREATE FUNCTION witness.note() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN INSERT INTO witness.result VALUES (NEW.id); RETURN NEW; END $$;
      CREATE TRIGGER note AFTER UPDATE OF result ON public.trial
        FOR EACH ROW WHEN (NEW.result IS NOT NULL) EXECUTE FUNCTION witness.note();`);
  });
}

/** The trials to which a result was written more often than once. */
export async function trialsWithSeveralResults(databaseUrl: string): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      'SELECT trial_id AS id FROM witness.result GROUP BY trial_id HAVING count(*) > 1',
    );
    return rows.map(({ id }) => id);
  });
}

async function withClient<T>(databaseUrl: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
