import { trialStates } from '@compound-search/contracts';
import { z } from 'zod';

import { isUuid } from '../database/identifiers.ts';
import { Prisma } from '../generated/client.ts';
import { idRow, isHeld, leaseEnd, type Operation } from './attempt-rows.ts';

export const renewLease: Operation<'renewLease'> = async (database, { leaseSeconds, step, ...attempt }) => {
  const renewed = await database.rows(
    idRow,
    Prisma.sql`
      UPDATE trial SET lease_expires_at = ${leaseEnd(leaseSeconds)}, step = greatest(step, ${step})
      WHERE ${isHeld(attempt)} RETURNING id`,
  );
  if (renewed.length === 1) return 'held';
  if (!isUuid(attempt.trialId) || !isUuid(attempt.token)) return 'lost';
  // The attempt is over for good, so a second statement cannot come too late: only the reason is asked for.
  const over = await database.rows(
    z.object({ state: z.enum(trialStates) }),
    Prisma.sql`
      SELECT state::text FROM trial
      WHERE id = ${attempt.trialId}::uuid AND attempt_token = ${attempt.token}::uuid
      UNION ALL SELECT 'cancelled' FROM deleted_trial WHERE id = ${attempt.trialId}::uuid`,
  );
  return over[0]?.state === 'cancelled' ? 'cancelled' : 'lost';
};
