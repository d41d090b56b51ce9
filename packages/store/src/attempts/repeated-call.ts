/**
 * What the holder of an attempt is told when it repeats a call whose answer it did not get. A call that changes nothing
 * finds the attempt over, and an attempt that is over never changes again. So these look afterwards, in a statement of
 * their own, whether it was this holder's first call that ended it.
 */
import type { TrialJob } from '@compound-search/contracts';

import type { Database } from '../database/database.ts';
import { isUuid } from '../database/identifiers.ts';
import { Prisma } from '../generated/client.ts';
import { idRow, jobRow, toJobs } from './attempt-rows.ts';
import type { Attempt } from './attempt-store.ts';

/**
 * The job that followed when the holder gave the trial back. It may have been claimed since then, and claims tell so.
 * Null once that next attempt has been given back too: then the answer is too old to matter.
 */
export async function nextJob(database: Database, { trialId, token }: Attempt): Promise<TrialJob | null> {
  if (!isUuid(trialId) || !isUuid(token)) return null;
  const given = await database.rows(
    jobRow,
    Prisma.sql`SELECT id, attempt FROM trial WHERE id = ${trialId}::uuid AND previous_token = ${token}::uuid`,
  );
  return toJobs(given)[0] ?? null;
}

/** Whether this attempt was the trial's last, and ended it as the condition says. */
export async function hasEnded(database: Database, { trialId, token }: Attempt, so: Prisma.Sql): Promise<boolean> {
  if (!isUuid(trialId) || !isUuid(token)) return false;
  const ended = await database.rows(
    idRow,
    Prisma.sql`SELECT id FROM trial WHERE id = ${trialId}::uuid AND attempt_token = ${token}::uuid AND ${so}`,
  );
  return ended.length === 1;
}
