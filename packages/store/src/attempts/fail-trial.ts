import { errorCatalogue, trialFailureSchema } from '@compound-search/contracts';
import { z } from 'zod';

import type { Database } from '../database/database.ts';
import { jsonText } from '../database/json-text.ts';
import { Prisma } from '../generated/client.ts';
import { idRow, isHeld, jobRow, type Operation, toJobs } from './attempt-rows.ts';
import type { Attempt, FailedAttempt } from './lease-store.ts';
import { lossOf, MOST_LOSSES } from './losses.ts';

export const failTrial: Operation<'failTrial'> = (database, { failure, ...attempt }) =>
  errorCatalogue[failure.code].retry
    ? loseAttempt(database, { attempt, failure })
    : endAsFailed(database, { attempt, failure });

interface AttemptFailure {
  readonly attempt: Attempt;
  readonly failure: z.infer<typeof trialFailureSchema>;
}

async function endAsFailed(database: Database, { attempt, failure }: AttemptFailure): Promise<FailedAttempt> {
  const stored = jsonText(trialFailureSchema.parse(failure));
  const failed = await database.rows(
    idRow,
    Prisma.sql`
      UPDATE trial SET state = 'failed', failure = ${stored}::jsonb, lease_expires_at = NULL, ended_at = now()
      WHERE ${isHeld(attempt)} RETURNING id`,
  );
  return failed.length === 1 ? { state: 'failed' } : { state: 'lost' };
}

async function loseAttempt(database: Database, { attempt, failure }: AttemptFailure): Promise<FailedAttempt> {
  const loss = lossOf(jsonText(trialFailureSchema.parse(failure)));
  // Losses change only when an attempt ends, so of these two at most one can hold for this token, whatever runs between.
  const requeued = await database.rows(
    jobRow,
    Prisma.sql`${loss.requeue} WHERE ${isHeld(attempt)} AND losses + 1 < ${MOST_LOSSES} RETURNING id, attempt`,
  );
  const job = toJobs(requeued)[0];
  if (job !== undefined) return { state: 'requeued', job };
  const failed = await database.rows(
    idRow,
    Prisma.sql`${loss.fail} WHERE ${isHeld(attempt)} AND losses + 1 >= ${MOST_LOSSES} RETURNING id`,
  );
  return failed.length === 1 ? { state: 'failed' } : { state: 'lost' };
}
