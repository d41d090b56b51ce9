import { blameOf, errorCatalogue, trialFailureSchema } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { failureKind } from '../documents/kinds.ts';
import { storedText } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { type AttemptNote, endedBy } from './attempt-log.ts';
import { idRow, isHeld, jobRow, type Operation, toJobs } from './attempt-rows.ts';
import type { Attempt, FailedAttempt } from './attempt-store.ts';
import { isTriedAgain, lossOf } from './losses.ts';
import { hasEnded, nextJob } from './repeated-call.ts';

export const failTrial: Operation<'failTrial'> = (database, { failure, words, ...attempt }) =>
  errorCatalogue[failure.code].retry
    ? loseAttempt(database, { attempt, failure, words })
    : endAsFailed(database, { attempt, failure, words });

interface AttemptFailure extends Pick<AttemptNote, 'words'> {
  readonly attempt: Attempt;
  readonly failure: z.infer<typeof trialFailureSchema>;
}

async function endAsFailed(database: Database, { attempt, failure, words }: AttemptFailure): Promise<FailedAttempt> {
  const stored = storedText(failureKind, failure);
  const failed = await database.rows(
    idRow,
    endedBy(
      attempt,
      Prisma.sql`
        UPDATE trial SET state = 'failed', failure = ${stored}::jsonb, failed_by = ${blameOf(failure.code)}::blame,
               lease_expires_at = NULL, ended_at = now()
        WHERE ${isHeld(attempt)}`,
      { words },
    ),
  );
  return failed.length === 1 ? { state: 'failed' } : repeatedFailure(database, { attempt, stored });
}

async function loseAttempt(database: Database, { attempt, failure, words }: AttemptFailure): Promise<FailedAttempt> {
  const stored = storedText(failureKind, failure);
  const loss = lossOf(failure, 'holder');
  const again = isTriedAgain(failure.code);
  // Losses change only when an attempt ends, so of these two at most one can hold for this token, whatever runs between.
  const requeued = await database.rows(
    jobRow,
    endedBy(attempt, Prisma.sql`${loss.requeue} WHERE ${isHeld(attempt)} AND ${again}`, { words, failure }),
  );
  const job = toJobs(requeued)[0];
  if (job !== undefined) return { state: 'requeued', job };
  const failed = await database.rows(
    idRow,
    endedBy(attempt, Prisma.sql`${loss.fail} WHERE ${isHeld(attempt)} AND NOT ${again}`, { words }),
  );
  return failed.length === 1 ? { state: 'failed' } : repeatedFailure(database, { attempt, stored });
}

/** The attempt is over: tells its holder again what came of the failure where this is the failure that ended it. */
async function repeatedFailure(
  database: Database,
  { attempt, stored }: { readonly attempt: Attempt; readonly stored: string },
): Promise<FailedAttempt> {
  const job = await nextJob(database, attempt);
  if (job !== null) return { state: 'requeued', job };
  const isFailed = Prisma.sql`state = 'failed' AND failure = ${stored}::jsonb`;
  return (await hasEnded(database, attempt, isFailed)) ? { state: 'failed' } : { state: 'lost' };
}
