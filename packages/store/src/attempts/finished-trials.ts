import { isUuid } from '../database/identifiers.ts';
import { Prisma } from '../generated/client.ts';
import { idRow, type Operation } from './attempt-rows.ts';

export const finishedTrials: Operation<'finishedTrials'> = async (database, trialIds) => {
  const ids = trialIds.filter(isUuid);
  const finished = await database.rows(
    idRow,
    Prisma.sql`
      SELECT trial.id FROM trial JOIN search ON search.id = trial.search_id
      WHERE trial.id = ANY (${ids}::uuid[])
        AND (trial.state IN ('completed', 'failed', 'cancelled')
             OR trial.state = 'paused' AND NOT (search.state IN ('running', 'paused') AND search.undecided))
      UNION SELECT id FROM deleted_trial WHERE id = ANY (${ids}::uuid[])`,
  );
  return finished.map(({ id }) => id);
};

export const deletedTrials: Operation<'deletedTrials'> = async (database, trialIds) => {
  const deleted = await database.run((client) =>
    client.deletedTrial.findMany({ where: { id: { in: trialIds.filter(isUuid) } }, select: { id: true } }),
  );
  return deleted.map(({ id }) => id);
};
