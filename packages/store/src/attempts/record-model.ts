import { z } from 'zod';

import { Prisma } from '../generated/client.ts';
import { idRow, isHeld, type Operation } from './attempt-rows.ts';

/** Of a model's file. Small beside the memory of a worker, and sent within a fraction of the time that a statement has. */
export const MODEL_PART_BYTES = 4 * 1024 * 1024;

/** Part after part, each fenced: a file of hundreds of megabytes would fit no single statement's time. */
export const recordModel: Operation<'recordModel'> = async (database, { savedModel, ...attempt }) => {
  const parts = Math.ceil(savedModel.length / MODEL_PART_BYTES);
  for (let ordinal = 0; ordinal < parts; ordinal += 1) {
    const bytes = savedModel.subarray(ordinal * MODEL_PART_BYTES, (ordinal + 1) * MODEL_PART_BYTES);
    const stored = await database.rows(
      z.object({ ordinal: z.int() }),
      Prisma.sql`
        WITH held AS (SELECT id FROM trial WHERE ${isHeld(attempt)} FOR UPDATE)
        INSERT INTO saved_model_part (trial_id, ordinal, bytes) SELECT id, ${ordinal}, ${bytes} FROM held
        ON CONFLICT (trial_id, ordinal) DO UPDATE SET bytes = excluded.bytes
        RETURNING ordinal`,
    );
    if (stored.length === 0) return false;
  }
  // An attempt that was lost in between may have left more parts than this one has.
  const held = await database.rows(
    idRow,
    Prisma.sql`
      WITH held AS (SELECT id FROM trial WHERE ${isHeld(attempt)} FOR UPDATE), surplus AS (
        DELETE FROM saved_model_part USING held WHERE trial_id = held.id AND ordinal >= ${parts}
      )
      SELECT id FROM held`,
  );
  return held.length === 1;
};
