import { Prisma } from '../generated/client.ts';
import { backToQueue, isHeld, jobRow, type Operation, toJobs } from './attempt-rows.ts';
import { nextJob } from './repeated-call.ts';

export const releaseTrial: Operation<'releaseTrial'> = async (database, attempt) => {
  const released = await database.rows(
    jobRow,
    Prisma.sql`UPDATE trial SET ${backToQueue('holder')} WHERE ${isHeld(attempt)} RETURNING id, attempt`,
  );
  return toJobs(released)[0] ?? nextJob(database, attempt);
};
