import { engineKind } from '../documents/kinds.ts';
import { storedText } from '../documents/stored-document.ts';
import { Prisma } from '../generated/client.ts';
import { idRow, isHeld, type Operation } from './attempt-rows.ts';

export const recordStart: Operation<'recordStart'> = async (database, { engine, steps, ...attempt }) => {
  const stored = storedText(engineKind, engine);
  const held = await database.rows(
    idRow,
    Prisma.sql`UPDATE trial SET engine = ${stored}::jsonb, steps = ${steps} WHERE ${isHeld(attempt)} RETURNING id`,
  );
  return held.length === 1;
};
