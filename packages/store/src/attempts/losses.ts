import { Prisma } from '../generated/client.ts';
import { backToQueue } from './attempt-rows.ts';

/**
 * A trial whose process is lost for the third time without having come further is not tried again: it may be what kills
 * its process. One that comes further each time only has bad luck, however many days it takes.
 */
export const MOST_LOSSES = 3;

/** Losses in a row, this one included: an attempt that finished an epoch which no attempt had finished before starts anew. */
export const lossesInRow = Prisma.sql`CASE WHEN
  (SELECT max(epoch) FROM epoch WHERE trial_id = trial.id AND epoch.attempt = trial.attempt)
    > coalesce((SELECT max(epoch) FROM epoch WHERE trial_id = trial.id AND epoch.attempt < trial.attempt), 0)
  THEN 1 ELSE losses + 1 END`;

/** Counts a loss; then the trial is queued again, or failed where the losses have reached their limit. */
export function lossOf(
  stored: string,
  by: 'holder' | 'expiry',
): { readonly requeue: Prisma.Sql; readonly fail: Prisma.Sql } {
  return {
    requeue: Prisma.sql`UPDATE trial SET losses = ${lossesInRow}, ${backToQueue(by)}`,
    fail: Prisma.sql`
    UPDATE trial SET losses = ${lossesInRow}, state = 'failed', failure = ${stored}::jsonb,
           failed_by = 'infrastructure', lease_expires_at = NULL, ended_at = now()`,
  };
}
