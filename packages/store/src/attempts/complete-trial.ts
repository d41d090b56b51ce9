import { resultKind } from '../documents/kinds.ts';
import { storedText } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { endedBy } from './attempt-log.ts';
import { idRow, isHeld, type Operation } from './attempt-rows.ts';
import { hasEnded } from './repeated-call.ts';

export const completeTrial: Operation<'completeTrial'> = async (database, { result, words, ...attempt }) => {
  const stored = storedText(resultKind, result);
  const completed = await database.rows(
    idRow,
    endedBy(
      attempt,
      Prisma.sql`
        UPDATE trial SET state = 'completed', result = ${stored}::jsonb, step = coalesce(${result.steps}::int, step),
               lease_expires_at = NULL, ended_at = now()
        WHERE ${isHeld(attempt)}`,
      { words },
    ),
  );
  return (
    completed.length === 1 || hasEnded(database, attempt, Prisma.sql`state = 'completed' AND result = ${stored}::jsonb`)
  );
};
