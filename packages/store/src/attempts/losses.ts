import type { ErrorCode, TrialFailure } from '@compound-search/contracts';

import { failureKind } from '../documents/kinds.ts';
import { storedText } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { backToQueue } from './attempt-rows.ts';

/**
 * A trial whose process is lost for the third time without having come further is not tried again: it may be what kills
 * its process. One that comes further each time only has bad luck, however many days it takes.
 */
export const MOST_LOSSES = 3;

/** Losses in a row, this one included: an attempt that finished an epoch which no attempt had finished before starts anew. */
const lossesInRow = Prisma.sql`CASE WHEN
  (SELECT max(epoch) FROM epoch WHERE trial_id = trial.id AND epoch.attempt = trial.attempt)
    > coalesce((SELECT max(epoch) FROM epoch WHERE trial_id = trial.id AND epoch.attempt < trial.attempt), 0)
  THEN 1 ELSE losses + 1 END`;

/**
 * Holds for a trial that is tried again after it was lost so. One that has found no memory needs as much the next time,
 * however far it came: it is tried once more, where there may be more of it or fewer others.
 */
export function isTriedAgain(code: ErrorCode): Prisma.Sql {
  const hasMemoryToTry = code === 'TRIAL_OUT_OF_MEMORY' ? Prisma.sql`exhausted_on IS NULL` : Prisma.sql`true`;
  return Prisma.sql`(${lossesInRow} < ${MOST_LOSSES} AND ${hasMemoryToTry})`;
}

/** Counts a loss; then the trial is queued again, or failed where it is not to be tried again. */
export function lossOf(
  failure: TrialFailure,
  by: 'holder' | 'expiry',
): { readonly requeue: Prisma.Sql; readonly fail: Prisma.Sql } {
  const exhaustedOn =
    failure.code === 'TRIAL_OUT_OF_MEMORY' ? Prisma.sql`trial.worker_id` : Prisma.sql`trial.exhausted_on`;
  return {
    requeue: Prisma.sql`
    UPDATE trial SET losses = ${lossesInRow}, exhausted_on = ${exhaustedOn}, ${backToQueue(by)}`,
    fail: Prisma.sql`
    UPDATE trial SET losses = ${lossesInRow}, state = 'failed', failure = ${storedText(failureKind, failure)}::jsonb,
           failed_by = 'infrastructure', lease_expires_at = NULL, ended_at = now()`,
  };
}
