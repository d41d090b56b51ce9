import { query } from './query.ts';

/**
 * Makes the database itself count the results that are written to each trial, apart from all that the service knows: one
 * that is written a second time, even with the same bits, has got past a fence.
 */
export async function watchResults(databaseUrl: string): Promise<void> {
  await query(
    databaseUrl,
    `CREATE SCHEMA witness;
     CREATE TABLE witness.result (trial_id uuid NOT NULL);
     CREATE FUNCTION witness.note() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN INSERT INTO witness.result VALUES (NEW.id); RETURN NEW; END $$;
     CREATE TRIGGER note AFTER UPDATE OF result ON trial
       FOR EACH ROW WHEN (NEW.result IS NOT NULL) EXECUTE FUNCTION witness.note();`,
  );
}

/** How often a result was written to each trial that has one. */
export async function resultsOfTrials(databaseUrl: string): Promise<number[]> {
  const { rows } = await query(
    databaseUrl,
    `SELECT (SELECT count(*) FROM witness.result WHERE trial_id = trial.id)::integer AS written
     FROM trial WHERE result IS NOT NULL`,
  );
  return rows.map(({ written }) => Number(written));
}
