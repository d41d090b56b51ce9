import { Prisma } from '../generated/client.ts';
import { mayMoveTo } from '../searches/search-moves.ts';
import type { Verb } from './verb.ts';

/** The attempts' tokens stay, so that their holders can be told why their lease ended. */
export function cancelSearch(searchId: string): Verb {
  return {
    trials: Prisma.sql`state IN ('queued', 'running')`,
    changes: [
      Prisma.sql`
        UPDATE search SET state = 'cancelled', ended_at = now(), revision = revision + 1
        WHERE id = ${searchId}::uuid AND ${mayMoveTo('cancelled')}`,
      // It also sees the trials that a decision or a move to `testing` has added while the search was waited for.
      Prisma.sql`
        UPDATE trial SET state = 'cancelled', lease_expires_at = NULL, ended_at = now()
        WHERE search_id = ${searchId}::uuid AND state IN ('queued', 'running')
          AND EXISTS (SELECT FROM search WHERE id = ${searchId}::uuid AND state = 'cancelled')`,
    ],
  };
}
