import type { TrialFailure } from '@compound-search/contracts';

import { Prisma } from '../generated/client.ts';
import { endedAs, expiredBy } from './attempt-log.ts';
import { idRow, jobRow, type Operation, toJobs } from './attempt-rows.ts';
import { isTriedAgain, lossOf } from './losses.ts';

export const expireLeases: Operation<'expireLeases'> = async (database) => {
  const failure: TrialFailure = {
    code: 'TRIAL_LOST',
    message: 'The process of the trial stopped renewing its lease.',
    step: null,
  };
  const loss = lossOf(failure, 'expiry');
  const again = isTriedAgain(failure.code);
  // Rows that another statement holds are being decided just now; waiting for them could end in a deadlock.
  const expired = (limit: Prisma.Sql): Prisma.Sql => Prisma.sql`
    id IN (SELECT id FROM trial WHERE state = 'running' AND lease_expires_at < now() AND ${limit}
           FOR UPDATE SKIP LOCKED)`;
  const requeued = await database.rows(jobRow, expiredBy(Prisma.sql`${loss.requeue} WHERE ${expired(again)}`, failure));
  const failed = await database.rows(
    idRow,
    endedAs(Prisma.sql`${loss.fail} WHERE ${expired(Prisma.sql`NOT ${again}`)}`),
  );
  return { requeued: toJobs(requeued), failed: failed.map(({ id }) => ({ trialId: id })) };
};
