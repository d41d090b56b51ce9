import { engineSchema } from '@compound-search/contracts';

import { jsonText } from '../database/json-text.ts';
import { Prisma } from '../generated/client.ts';
import { idRow, isHeld, type Operation } from './attempt-rows.ts';

export const recordStart: Operation<'recordStart'> = async (database, { engine, steps, ...attempt }) => {
  const stored = jsonText(engineSchema.parse(engine));
  const held = await database.rows(
    idRow,
    Prisma.sql`UPDATE trial SET engine = ${stored}::jsonb, steps = ${steps} WHERE ${isHeld(attempt)} RETURNING id`,
  );
  return held.length === 1;
};
