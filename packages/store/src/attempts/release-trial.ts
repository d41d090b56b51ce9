import { Prisma } from '../generated/client.ts';
import { endedBy } from './attempt-log.ts';
import { backToQueue, isHeld, jobRow, type Operation, toJobs } from './attempt-rows.ts';
import { nextJob } from './repeated-call.ts';

export const releaseTrial: Operation<'releaseTrial'> = async (database, { words, ...attempt }) => {
  const released = await database.rows(
    jobRow,
    endedBy(attempt, Prisma.sql`UPDATE trial SET ${backToQueue('holder')} WHERE ${isHeld(attempt)}`, { words }),
  );
  return toJobs(released)[0] ?? nextJob(database, attempt);
};
