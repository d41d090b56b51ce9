import { attemptParametersKind, engineKind } from '../documents/kinds.ts';
import { storedText } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { idRow, isHeld, type Operation } from './attempt-rows.ts';

export const recordStart: Operation<'recordStart'> = async (database, { engine, steps, task, ...attempt }) => {
  const stored = storedText(engineKind, engine);
  const parameters = task === undefined ? null : storedText(attemptParametersKind, { ...task, engine, steps });
  const held = await database.rows(
    idRow,
    Prisma.sql`
      WITH held AS (
        UPDATE trial SET engine = ${stored}::jsonb, steps = ${steps} WHERE ${isHeld(attempt)} RETURNING id, attempt
      ), noted AS (
        UPDATE trial_attempt SET parameters = ${parameters}::jsonb
        FROM held WHERE trial_id = held.id AND trial_attempt.attempt = held.attempt
      )
      SELECT id FROM held`,
  );
  return held.length === 1;
};
