import { Prisma } from '../generated/client.ts';
import { backToQueue } from './attempt-rows.ts';

/** A trial whose process is lost for the third time is not tried again: it may be what kills its process. */
export const MOST_LOSSES = 3;

/** Counts a loss; then the trial is queued again, or failed where the losses have reached their limit. */
export function lossOf(
  stored: string,
  by: 'holder' | 'expiry',
): { readonly requeue: Prisma.Sql; readonly fail: Prisma.Sql } {
  return {
    requeue: Prisma.sql`UPDATE trial SET losses = losses + 1, ${backToQueue(by)}`,
    fail: Prisma.sql`
    UPDATE trial SET losses = losses + 1, state = 'failed', failure = ${stored}::jsonb, lease_expires_at = NULL,
           ended_at = now()`,
  };
}
