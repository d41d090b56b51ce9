import { epochSchema } from '@compound-search/contracts';
import { z } from 'zod';

import { Prisma } from '../generated/client.ts';
import { isHeld, type Operation } from './attempt-rows.ts';

export const recordEpoch: Operation<'recordEpoch'> = async (database, { epoch, ...attempt }) => {
  const point = epochSchema.parse(epoch);
  const recorded = await database.rows(
    z.object({ held: z.boolean() }),
    Prisma.sql`
      WITH held AS (
        UPDATE trial SET step = greatest(step, ${point.step}) WHERE ${isHeld(attempt)} RETURNING id, search_id, attempt, purpose
      ), added AS (
        INSERT INTO epoch (trial_id, attempt, epoch, step, learning_rate, train_loss, train_accuracy,
                           validation_loss, validation_accuracy, seconds)
        SELECT id, attempt, ${point.epoch}, ${point.step}, ${point.learningRate}, ${point.trainLoss},
               ${point.trainAccuracy}, ${point.validationLoss}, ${point.validationAccuracy}, ${point.seconds}
        FROM held
        ON CONFLICT DO NOTHING
        RETURNING trial_id
      ), shown AS (
        -- A renewal may have told of the epoch's last step before: then nothing else says that the curve is another one.
        UPDATE search SET revision = revision + 1 FROM held JOIN added ON added.trial_id = held.id
        WHERE search.id = held.search_id AND held.purpose IN ('ranking', 'test')
      )
      SELECT EXISTS (SELECT FROM held) AS held`,
  );
  return recorded[0]?.held === true;
};
