import { isUuid } from '../database/identifiers.ts';
import { Prisma } from '../generated/client.ts';
import { idRow, type Operation } from './attempt-rows.ts';

export const finishedTrials: Operation<'finishedTrials'> = async (database, trialIds) => {
  const finished = await database.rows(
    idRow,
    Prisma.sql`
      SELECT trial.id FROM trial JOIN search ON search.id = trial.search_id
      WHERE trial.id = ANY (${trialIds.filter(isUuid)}::uuid[])
        AND (trial.state IN ('completed', 'failed', 'cancelled')
             OR trial.state = 'paused' AND NOT (search.state = 'running' AND search.undecided))`,
  );
  return finished.map(({ id }) => id);
};
