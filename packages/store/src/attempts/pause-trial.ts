import { Prisma } from '../generated/client.ts';
import { endedBy } from './attempt-log.ts';
import { idRow, isHeld, type Operation } from './attempt-rows.ts';
import { hasEnded, nextJob } from './repeated-call.ts';

export const pauseTrial: Operation<'pauseTrial'> = async (database, { words, ...attempt }) => {
  const paused = await database.rows(
    idRow,
    endedBy(
      attempt,
      Prisma.sql`
        UPDATE trial SET state = 'paused', lease_expires_at = NULL, ended_at = now()
        WHERE ${isHeld(attempt)}
          AND EXISTS (SELECT FROM epoch WHERE epoch.trial_id = trial.id AND epoch.attempt = trial.attempt
                        AND epoch.epoch = trial.pause_after)`,
      { words },
    ),
  );
  if (paused.length === 1 || (await hasEnded(database, attempt, Prisma.sql`state = 'paused'`))) return true;
  // Promoted since then: it counts as given back by its holder.
  return (await nextJob(database, attempt)) !== null;
};
