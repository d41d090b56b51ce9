import { resultKind } from '../documents/kinds.ts';
import { storedText } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { countedAsImported, idRow, isHeld, type Operation } from './attempt-rows.ts';
import { hasEnded } from './repeated-call.ts';

export const completeTrial: Operation<'completeTrial'> = async (database, { result, ...attempt }) => {
  const stored = storedText(resultKind, result);
  const completed = await database.rows(
    idRow,
    Prisma.sql`
      WITH ended AS (
        UPDATE trial SET state = 'completed', result = ${stored}::jsonb, step = coalesce(${result.steps}::int, step),
               lease_expires_at = NULL, ended_at = now()
        WHERE ${isHeld(attempt)} RETURNING id, search_id, external
      ), ${countedAsImported}
      SELECT id FROM ended`,
  );
  return (
    completed.length === 1 || hasEnded(database, attempt, Prisma.sql`state = 'completed' AND result = ${stored}::jsonb`)
  );
};
