import { trialResultSchema } from '@compound-search/contracts';

import { jsonText } from '../database/json-text.ts';
import { Prisma } from '../generated/client.ts';
import { idRow, isHeld, type Operation } from './attempt-rows.ts';

export const completeTrial: Operation<'completeTrial'> = async (database, { result, ...attempt }) => {
  const stored = trialResultSchema.parse(result);
  const completed = await database.rows(
    idRow,
    Prisma.sql`
      UPDATE trial SET state = 'completed', result = ${jsonText(stored)}::jsonb, step = ${stored.steps},
             lease_expires_at = NULL, ended_at = now()
      WHERE ${isHeld(attempt)} RETURNING id`,
  );
  return completed.length === 1;
};
