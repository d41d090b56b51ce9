import type { Client } from 'pg';

import { engine } from './instant-training.ts';

/** Lets the queued trials of a search that meet a condition run, as workers do it, all at once. */
export async function startTrials(client: Client, searchId: string, condition = 'true'): Promise<void> {
  await client.query(
    `UPDATE trial SET state = 'running', attempt_token = gen_random_uuid(), worker_id = 'bench', started_at = now() - interval '8 s',
            lease_expires_at = now() + interval '1 h', engine = $2, steps = 300, step = 20
     WHERE search_id = $1 AND state = 'queued' AND ${condition}`,
    [searchId, JSON.stringify(engine)],
  );
}

/** Completes the running trials of a search, with accuracies that differ by candidate and seed. */
export async function completeStarted(client: Client, searchId: string): Promise<void> {
  await client.query(
    `UPDATE trial SET state = 'completed', lease_expires_at = NULL, ended_at = now(), step = 300,
            result = jsonb_build_object(
              'validationAccuracy', 0.95 + (hashtext(candidate_id::text) % 1000) / 1e5 + (hashtext(id::text) % 1000) / 5e5,
              'validationLoss', 0.2, 'testAccuracy', CASE purpose WHEN 'test' THEN 0.94 END, 'steps', 300,
              'imagesPerSecond', 500, 'weightsHash', md5(candidate_id::text || seed))
     WHERE search_id = $1 AND state = 'running'`,
    [searchId],
  );
}

/** Makes as if another result had come in: nothing that was read or ranked before holds any more. */
export async function renewResults(client: Client, searchId: string): Promise<void> {
  await client.query(
    `WITH renewed AS (UPDATE candidate SET results_version = gen_random_uuid() WHERE search_id = $1 AND ordinal = 0)
     UPDATE search SET revision = revision + 1 WHERE id = $1`,
    [searchId],
  );
}
