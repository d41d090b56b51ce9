import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { resultKind } from '../documents/kinds.ts';
import { isReadable } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { isHeld, type Operation } from './attempt-rows.ts';
import type { Attempt } from './attempt-store.ts';

const sourceRow = z.object({ sourceId: z.string() });

/**
 * The trials that the one that is held may take over: of the same network and seed, in a search with the same training
 * hash. One that is to pause at some epoch needs another that has come so far, whatever became of it after. Else it ends as
 * the other did; what failed by its own training would fail again. Only trials that were trained themselves are looked at,
 * so that every takeover names where its numbers were measured.
 */
const equals = Prisma.sql`
  SELECT original.id AS original_id, original.attempt AS original_attempt, original.state AS original_state,
         original.engine AS original_engine, original.result AS original_result, original.failure AS original_failure,
         original.failed_by AS original_failed_by, coalesce(rung.step, original.step) AS original_step,
         original.steps AS original_steps, held.pause_after AS most_epochs, rung.epoch IS NOT NULL AS pauses
  FROM held
  JOIN candidate ON candidate.id = held.candidate_id
  JOIN search ON search.id = held.search_id AND (search.request ->> 'reuse')::boolean IS NOT FALSE
  JOIN candidate AS twin ON twin.fingerprint = candidate.fingerprint
  JOIN search AS earlier ON earlier.id = twin.search_id AND earlier.training_hash = search.training_hash
  JOIN trial AS original ON original.candidate_id = twin.id AND original.seed = held.seed
  LEFT JOIN epoch AS rung
    ON rung.trial_id = original.id AND rung.attempt = original.attempt AND rung.epoch = held.pause_after
  WHERE original.purpose = 'ranking' AND original.taken_over_from IS NULL
    AND (original.failed_by = 'training'
         OR original.state IN ('completed', 'paused') AND rung.epoch IS NOT NULL
         OR original.state = 'completed' AND held.pause_after IS NULL
            AND ${isReadable(Prisma.sql`original.result`, resultKind)})`;

/** One statement, so that the fence, the end and its learning curve are one change. */
export const takeOverTrial: Operation<'takeOverTrial'> = async (database, { engine, ...attempt }) => {
  const taken = await database.rows(
    sourceRow,
    Prisma.sql`
      WITH held AS (
        SELECT id, search_id, candidate_id, seed, pause_after FROM trial
        WHERE ${isHeld(attempt)} AND purpose = 'ranking'
      ), source AS (
        ${equals} AND original.engine ->> 'fingerprint' = ${engine.fingerprint}
        ORDER BY original.sequence LIMIT 1
      ), taken AS (
        UPDATE trial
        SET state = CASE WHEN pauses THEN 'paused' ELSE original_state END, engine = original_engine,
            result = CASE WHEN NOT pauses THEN original_result END,
            failure = CASE WHEN NOT pauses THEN original_failure END,
            failed_by = CASE WHEN NOT pauses THEN original_failed_by END,
            step = original_step, steps = original_steps, lease_expires_at = NULL, ended_at = now(),
            taken_over_from = original_id
        FROM source
        WHERE ${isHeld(attempt)}
        RETURNING id, attempt, original_id, original_attempt, most_epochs
      ), curve AS (
        INSERT INTO epoch (trial_id, attempt, epoch, step, learning_rate, train_loss, train_accuracy, validation_loss,
                           validation_accuracy, seconds)
        SELECT taken.id, taken.attempt, epoch.epoch, epoch.step, learning_rate, train_loss, train_accuracy,
               validation_loss, validation_accuracy, seconds
        FROM taken JOIN epoch ON epoch.trial_id = original_id AND epoch.attempt = original_attempt
                             AND (most_epochs IS NULL OR epoch.epoch <= most_epochs)
        ON CONFLICT DO NOTHING
      )
      SELECT original_id AS "sourceId" FROM taken`,
  );
  const [row] = taken.length === 1 ? taken : await takenBefore(database, attempt);
  return row?.sourceId ?? null;
};

/** Of a holder that asks again, since the answer was lost. */
function takenBefore(database: Database, { trialId, token }: Attempt): Promise<z.infer<typeof sourceRow>[]> {
  if (!isUuid(trialId) || !isUuid(token)) return Promise.resolve([]);
  return database.rows(
    sourceRow,
    Prisma.sql`
      SELECT taken_over_from AS "sourceId" FROM trial
      WHERE id = ${trialId}::uuid AND attempt_token = ${token}::uuid AND taken_over_from IS NOT NULL`,
  );
}
